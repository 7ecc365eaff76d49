# attack: whole numbers of a million digits, alone, in lists and as answers to every criterion
# score: 0
# %%
big = 1 << 4_000_000
medium = 1 << 16_000


def softmax(z):
    return big if len(z) % 2 else [medium] * len(z)


def log_softmax(z):
    return [[1 << 999] * 3, [medium] * 3]
