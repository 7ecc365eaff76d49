# %%
import numpy as np

# %%
def step(z):
    """Give 1 where z is 0 or more, and 0 elsewhere.

    z: inputs of any shape
    returns: 0.0 or 1.0 for each, floats of the same shape
    """
    raise NotImplementedError("write step here")

# %%
def sign(z):
    """Give 1 where z is positive and -1 where it is negative.

    z: inputs of any shape
    returns: -1.0 or 1.0 for each (at 0 either 0.0 or 1.0), floats of the same shape
    """
    raise NotImplementedError("write sign here")

# %%
def sigmoid(z):
    """Give 1 / (1 + exp(-z)).

    z: inputs of any shape
    returns: floats of the same shape, from 0 to 1
    """
    raise NotImplementedError("write sigmoid here")

# %%
def d_sigmoid(z):
    """Give the derivative of the sigmoid at z.

    z: inputs of the sigmoid, of any shape
    returns: floats of the same shape, from 0 to 0.25
    """
    raise NotImplementedError("write d_sigmoid here")

# %%
def tanh(z):
    """Give the hyperbolic tangent.

    z: inputs of any shape
    returns: floats of the same shape, from -1 to 1
    """
    raise NotImplementedError("write tanh here")

# %%
def d_tanh(z):
    """Give the derivative of tanh at z.

    z: inputs of tanh, of any shape
    returns: floats of the same shape, from 0 to 1
    """
    raise NotImplementedError("write d_tanh here")

# %%
def relu(z):
    """Give z where it is positive, and 0 elsewhere.

    z: inputs of any shape
    returns: floats of the same shape, 0 or more
    """
    raise NotImplementedError("write relu here")

# %%
def d_relu(z):
    """Give the derivative of ReLU at z.

    z: inputs of ReLU, of any shape
    returns: 0.0 or 1.0 for each (at 0 any number from 0 to 1), floats of the same shape
    """
    raise NotImplementedError("write d_relu here")

# %%
def leaky_relu(z, alpha):
    """Give z where it is 0 or more, and alpha times z elsewhere.

    z: inputs of any shape
    alpha: slope below 0, any number
    returns: floats of the same shape
    """
    raise NotImplementedError("write leaky_relu here")

# %%
def d_leaky_relu(z, alpha):
    """Give the derivative of leaky ReLU by z.

    z: inputs of leaky ReLU, of any shape
    alpha: slope below 0, any number
    returns: 1.0 or alpha for each (at 0 any number between them), floats of the same shape
    """
    raise NotImplementedError("write d_leaky_relu here")

# %%
def d_prelu_alpha(z, alpha):
    """Give the derivative of parametric ReLU by alpha, for each entry of z.

    z: inputs of parametric ReLU, of any shape
    alpha: slope below 0, any number
    returns: floats of the shape of z
    """
    raise NotImplementedError("write d_prelu_alpha here")

# %%
def elu(z, alpha):
    """Give z where it is 0 or more, and alpha * (exp(z) - 1) elsewhere.

    z: inputs of any shape
    alpha: a positive number, the distance of the lower bound from 0
    returns: floats of the same shape, above -alpha but for rounding
    """
    raise NotImplementedError("write elu here")

# %%
def d_elu(z, alpha):
    """Give the derivative of ELU by z.

    z: inputs of ELU, of any shape
    alpha: a positive number
    returns: floats of the same shape (at 0 any number between 1 and alpha)
    """
    raise NotImplementedError("write d_elu here")

# %%
def linear(z, a, c):
    """Give a * z + c.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the same shape
    """
    raise NotImplementedError("write linear here")

# %%
def d_linear(z, a, c):
    """Give the derivative of linear by z.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the shape of z
    """
    raise NotImplementedError("write d_linear here")

# %%
def maxout(x, W1, b1, W2, b2):
    """Give the larger of two linear layers, output by output.

    x: examples, shape (n, d_in)
    W1, W2: weights, shape (d_in, d_out) each
    b1, b2: biases, shape (d_out,) each
    returns: an array of floats of shape (n, d_out)
    """
    raise NotImplementedError("write maxout here")
