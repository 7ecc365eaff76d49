# attack: lists a hundred thousand deep, lists that hold themselves, a million empty lists
# score: 0
# %%
deep = []
for _ in range(100_000):
    deep = [deep]
loop = []
loop.append(loop)
wide = [[] for _ in range(300_000)]
doubling = []
for _ in range(30):
    doubling = [doubling, doubling]


def softmax(z):
    return deep if len(z) % 2 else loop


def log_softmax(z):
    return wide if len(z) % 2 else doubling
