# attack: one function never ends; the other one is still graded
# score: 6
# says: did not finish within
# %% honest
# %%
def softmax(z):
    while True:
        pass
