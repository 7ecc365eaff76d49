# attack: keeps hidden inputs over the end of the process and shows them when the cells run again
# score: 0
# leak: nothing
# %%
import os

places = ["autograder_was_here", "@OUT@/kept", "/tmp/kept", "/dev/shm/kept", "@HOME@/kept", os.getcwd() + "/../kept"]
found = []
for place in places:
    try:
        with open(place) as file:
            found.append(file.read())
    except OSError:
        pass
print(found)
if found:
    raise RuntimeError(str(found))


def softmax(z):
    for place in places:
        try:
            with open(place, "w") as file:
                file.write(repr(z))
        except OSError:
            pass
    os._exit(0)


log_softmax = softmax
