# %%
import numpy as np

# %%
def init_params(d_in, d_hidden, d_out, seed):
    """Draw the starting parameters of the network.

    d_in, d_hidden, d_out: numbers of inputs, hidden units and outputs
    seed: whole number; the same seed gives the same parameters, another seed gives others
    returns: dict of float arrays: W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,);
        weights normal with mean 0 and standard deviation 1 / sqrt(inputs of the layer), biases 0
    """
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(scale=1 / np.sqrt(d_in), size=(d_in, d_hidden)),
        "b1": np.zeros(d_hidden),
        "W2": rng.normal(scale=1 / np.sqrt(d_hidden), size=(d_hidden, d_out)),
        "b2": np.zeros(d_out),
    }

# %%
def forward(params, X):
    """Compute the predictions of the network, with a tanh in the hidden layer and none at the output.

    params: dict of W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,)
    X: inputs (n, d_in); may be a list of rows, or hold integers
    returns: z (n, d_hidden), a (n, d_hidden), o (n, d_out), arrays of floats
    """
    z = np.asarray(X) @ params["W1"] + params["b1"]
    a = np.tanh(z)
    o = a @ params["W2"] + params["b2"]
    return z, a, o

# %%
def loss(o, Y):
    """Give the mean over the examples of half the squared error.

    o: predictions (n, d_out); Y: what was wanted (n, d_out); both may be lists or hold integers
    returns: one float
    """
    errors = np.subtract(o, Y, dtype=float)
    return float(np.sum(errors**2) / (2 * len(errors)))

# %%
def backward(params, X, Y, z, a, o):
    """Compute the gradients of the loss by backpropagation.

    params: dict of W1, b1, W2, b2
    X: inputs (n, d_in); Y: what was wanted (n, d_out); both may be lists or hold integers
    z, a, o: arrays (n, d_hidden), (n, d_hidden), (n, d_out) that forward(params, X) has given
    returns: dict of the gradients by W1, b1, W2, b2, under these names, each in the shape of its parameter
    """
    n = len(X)
    delta2 = o - np.asarray(Y)
    delta1 = (delta2 @ params["W2"].T) * (1 - np.tanh(z) ** 2)
    return {
        "W1": np.asarray(X).T @ delta1 / n,
        "b1": delta1.sum(axis=0) / n,
        "W2": a.T @ delta2 / n,
        "b2": delta2.sum(axis=0) / n,
    }

# %%
def numerical_gradient(params, X, Y, h):
    """Approximate the gradients of the loss by central differences, one parameter after the other.

    params: dict of W1, b1, W2, b2; X: inputs (n, d_in); Y: what was wanted (n, d_out)
    h: how far each parameter is moved to either side
    returns: dict like that of backward: an array for each of W1, b1, W2, b2, in its shape
    """
    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            sides = []
            for step in (h, -h):
                moved = values.astype(float)
                moved[index] += step
                _, _, o = forward({**params, name: moved}, X)
                sides.append(loss(o, Y))
            gradients[name][index] = (sides[0] - sides[1]) / (2 * h)
    return gradients

# %%
def sgd_step(params, grads, learning_rate):
    """Take one step of gradient descent.

    params, grads: dicts of W1, b1, W2, b2; learning_rate: a number above 0
    returns: a new dict with the new parameters; params and grads stay as they were
    """
    return {name: params[name] - learning_rate * grads[name] for name in params}

# %%
def train(params, X, Y, learning_rate, epochs):
    """Train the network by gradient descent on all examples at once.

    params: where to start, a dict of W1, b1, W2, b2 that stays as it was
    X: inputs (n, d_in); Y: what is wanted (n, d_out); learning_rate: a number; epochs: how many steps to take
    returns: (params, losses): the dict after the last step, and a list with the loss before each step
    """
    losses = []
    for _ in range(epochs):
        z, a, o = forward(params, X)
        losses.append(loss(o, Y))
        params = sgd_step(params, backward(params, X, Y, z, a, o), learning_rate)
    return params, losses
