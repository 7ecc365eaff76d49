# ---
# never: closed
# %%
def one():
    return 1
