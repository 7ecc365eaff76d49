# attack: carries hidden inputs out in the choice of the line that fails
# score: 0
# leak: line
# %%
def digit(n):
    if n == 0: raise ValueError  # the input was 0
    if n == 1: raise ValueError  # the input was 1
    if n == 2: raise ValueError  # the input was 2
    if n == 3: raise ValueError  # the input was 3
    if n == 4: raise ValueError  # the input was 4
    if n == 5: raise ValueError  # the input was 5
    if n == 6: raise ValueError  # the input was 6
    if n == 7: raise ValueError  # the input was 7
    if n == 8: raise ValueError  # the input was 8
    if n == 9: raise ValueError  # the input was 9


def softmax(z):
    flat = [x for row in z for x in row] if hasattr(z[0], "__len__") else z
    digit(int(abs(float(flat[0])) * 1e4) % 10)


log_softmax = softmax
