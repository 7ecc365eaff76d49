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
    raise NotImplementedError("write init_params here")

# %%
def forward(params, X):
    """Compute the predictions of the network, with a tanh in the hidden layer and none at the output.

    params: dict of W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,)
    X: inputs (n, d_in); may be a list of rows, or hold integers
    returns: z (n, d_hidden), a (n, d_hidden), o (n, d_out), arrays of floats
    """
    raise NotImplementedError("write forward here")

# %%
def loss(o, Y):
    """Give the mean over the examples of half the squared error.

    o: predictions (n, d_out); Y: what was wanted (n, d_out); both may be lists or hold integers
    returns: one float
    """
    raise NotImplementedError("write loss here")

# %%
def backward(params, X, Y, z, a, o):
    """Compute the gradients of the loss by backpropagation.

    params: dict of W1, b1, W2, b2
    X: inputs (n, d_in); Y: what was wanted (n, d_out); both may be lists or hold integers
    z, a, o: arrays (n, d_hidden), (n, d_hidden), (n, d_out) that forward(params, X) has given
    returns: dict of the gradients by W1, b1, W2, b2, under these names, each in the shape of its parameter
    """
    raise NotImplementedError("write backward here")

# %%
def numerical_gradient(params, X, Y, h):
    """Approximate the gradients of the loss by central differences, one parameter after the other.

    params: dict of W1, b1, W2, b2; X: inputs (n, d_in); Y: what was wanted (n, d_out)
    h: how far each parameter is moved to either side
    returns: dict like that of backward: an array for each of W1, b1, W2, b2, in its shape
    """
    raise NotImplementedError("write numerical_gradient here")

# %%
def sgd_step(params, grads, learning_rate):
    """Take one step of gradient descent.

    params, grads: dicts of W1, b1, W2, b2; learning_rate: a number above 0
    returns: a new dict with the new parameters; params and grads stay as they were
    """
    raise NotImplementedError("write sgd_step here")

# %%
def train(params, X, Y, learning_rate, epochs):
    """Train the network by gradient descent on all examples at once.

    params: where to start, a dict of W1, b1, W2, b2 that stays as it was
    X: inputs (n, d_in); Y: what is wanted (n, d_out); learning_rate: a number; epochs: how many steps to take
    returns: (params, losses): the dict after the last step, and a list with the loss before each step
    """
    raise NotImplementedError("write train here")
