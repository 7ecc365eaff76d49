"""What TensorFlow is asked for the assignment `dot-product`."""

from __future__ import annotations

from autograder.baseline import case


@case
def vectors(tf, rng, dtype):
    """The dot products of pairs of vectors, long enough for the order of the sum to show."""
    x, w = rng.normal(size=(2, 8, 300)).astype(dtype)
    return {"x": x, "w": w, "dot": tf.stack([tf.tensordot(a, b, axes=1) for a, b in zip(x, w, strict=True)])}


@case
def layer(tf, rng, dtype):
    """The outputs of a Dense layer of Keras without activation."""
    X, W, b = (rng.normal(size=shape).astype(dtype) for shape in ((9, 6), (6, 4), (4,)))
    keras = tf.keras
    model = keras.Sequential([keras.Input((6,), dtype=dtype), keras.layers.Dense(4, dtype=dtype)])
    model.layers[0].set_weights([W, b])
    return {"X": X, "W": W, "b": b, "linear": model(X)}


@case
def one_of_each(tf, rng, dtype):
    """One example, one input, one output."""
    X, W, b = (rng.normal(size=shape).astype(dtype) for shape in ((1, 1), (1, 1), (1,)))
    return {"X": X, "W": W, "b": b, "linear": tf.matmul(X, W) + b}
