# attack: a cell never ends
# score: 18
# says: did not finish within
# %% honest
# %%
while True:
    pass
