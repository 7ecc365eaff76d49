# ---
# a: &a [x]
# b: [*a, *a]
# ---

# %%
def one():
    return 1
