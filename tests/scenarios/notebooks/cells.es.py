# %%
def one():
    return 1

# %% [markdown]
# Prose

# %%
# %matplotlib inline
def two():
    return 2
