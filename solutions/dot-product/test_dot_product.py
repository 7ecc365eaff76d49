"""Hidden grader of the assignment `dot-product`: 7 points for dot, 11 for linear, 2 for the written question."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

dot = pytest.mark.question("dot")
linear = pytest.mark.question("linear")
explain = pytest.mark.question("explain")


def layer(rng, n, d_in, d_out):
    """Draw examples (n, d_in), weights (d_in, d_out) and biases (d_out,)."""
    return rng.normal(size=(n, d_in)), rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)


def kinds(*arrays):
    """Give whole-numbered arrays as integers, as lists, as lists of floats, and as 32-bit floats."""
    yield arrays
    yield tuple(array.tolist() for array in arrays)
    yield tuple(array.astype(float).tolist() for array in arrays)
    yield tuple(array.astype(np.float32) for array in arrays)


@dot
@pytest.mark.points(1)
def test_three_entries(student, reference, rng):
    """Gives the right number for two vectors of three entries.

    es: Da el número correcto para dos vectores de tres entradas.
    """
    x, w = rng.normal(size=(2, 3))
    expect.close(student.dot(x, w), reference.dot(x, w))


@dot
@pytest.mark.points(2)
def test_any_length(student, reference, rng):
    """Works for vectors of any length.

    es: Funciona con vectores de cualquier longitud.
    """
    for length in (rng.integers(20, 40), 5, 2, 1):
        x, w = rng.normal(size=(2, length))
        expect.close(student.dot(x, w), reference.dot(x, w))


@dot
@pytest.mark.points(1)
def test_one_number(student, rng):
    """Returns one floating-point number, not an array.

    es: Devuelve un número de punto flotante, no un arreglo.
    """
    x, w = rng.normal(size=(2, 6))
    expect.scalar(student.dot(x, w))


@dot
@pytest.mark.points(1)
def test_kinds_of_input(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, and always computes in floating point.

    es: Acepta listas, enteros y flotantes de 32 bits, y siempre calcula en punto flotante.
    """
    for x, w in kinds(*rng.integers(-9, 10, size=(2, 4))):
        result = student.dot(x, w)
        expect.floating(result)
        expect.close(result, reference.dot(x, w))
    x, w = rng.normal(size=(2, 4)).tolist()
    expect.close(student.dot(x, w), reference.dot(x, w))


@dot
@pytest.mark.points(1)
def test_small_integers(student, reference, rng):
    """Does not overflow on 8-bit integers, such as the pixels of an image.

    es: No se desborda con enteros de 8 bits, como los píxeles de una imagen.
    """
    pixels, weights = rng.integers(100, 256, size=(2, 20)).astype(np.uint8)
    expect.close(student.dot(pixels, weights), reference.dot(pixels, weights))


@dot
@pytest.mark.points(1)
def test_arguments_unchanged(student, rng):
    """Leaves both vectors as they were.

    es: Deja ambos vectores como estaban.
    """
    x, w = rng.normal(size=(2, 5))
    result, after = student.dot.with_arguments(x, w)
    expect.shape(result, ())
    expect.unchanged((x, w), after)


@linear
@pytest.mark.points(2)
def test_batch(student, reference, rng):
    """Gives the right outputs for a batch of examples.

    es: Da las salidas correctas para un lote de ejemplos.
    """
    X, W, b = layer(rng, 8, 3, 2)
    expect.close(student.linear(X, W, b), reference.linear(X, W, b))


@linear
@pytest.mark.points(2)
def test_any_size(student, reference, rng):
    """Works for any number of examples, inputs and outputs.

    es: Funciona con cualquier cantidad de ejemplos, entradas y salidas.
    """
    for n, d_in, d_out in ((3, 5, 4), (2, rng.integers(20, 40), 7), (6, 2, 3)):
        X, W, b = layer(rng, n, d_in, d_out)
        expect.close(student.linear(X, W, b), reference.linear(X, W, b))


@linear
@pytest.mark.points(2)
def test_square(student, reference, rng):
    """Keeps rows and columns apart where all sizes are equal and a mix-up raises no error.

    es: Distingue filas de columnas donde todos los tamaños son iguales y una confusión no da error.
    """
    X, W, b = layer(rng, 4, 4, 4)
    expect.close(student.linear(X, W, b), reference.linear(X, W, b))


@linear
@pytest.mark.points(1)
def test_bias(student, rng):
    """Adds each bias once, to its own output, in every example.

    es: Suma cada sesgo una vez, a su propia salida, en todos los ejemplos.
    """
    _, W, b = layer(rng, 3, 2, 3)
    expect.close(student.linear(np.zeros((3, 2)), W, b), np.tile(b, (3, 1)))


@linear
@pytest.mark.points(1)
def test_shapes(student, reference, rng):
    """Returns an array of shape (n, d_out), also for one example, one input or one output.

    es: Devuelve un arreglo de forma (n, d_out), también con un ejemplo, una entrada o una salida.
    """
    for n, d_in, d_out in ((1, 3, 2), (5, 3, 1), (4, 1, 2), (1, 1, 1)):
        X, W, b = layer(rng, n, d_in, d_out)
        result = student.linear(X, W, b)
        expect.shape(result, (n, d_out))
        expect.close(result, reference.linear(X, W, b))


@linear
@pytest.mark.points(1)
def test_kinds_of_layer(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, and always computes in floating point.

    es: Acepta listas, enteros y flotantes de 32 bits, y siempre calcula en punto flotante.
    """
    whole = (rng.integers(-9, 10, size=shape) for shape in ((4, 3), (3, 2), (2,)))
    for X, W, b in kinds(*whole):
        result = student.linear(X, W, b)
        expect.floating(result)
        expect.close(result, reference.linear(X, W, b))
    X, W, b = (array.tolist() for array in layer(rng, 3, 4, 2))
    expect.close(student.linear(X, W, b), reference.linear(X, W, b))


@linear
@pytest.mark.points(1)
def test_pixels(student, reference, rng):
    """Does not overflow on 8-bit integers, such as the pixels of an image.

    es: No se desborda con enteros de 8 bits, como los píxeles de una imagen.
    """
    X, W, b = (rng.integers(100, 256, size=shape).astype(np.uint8) for shape in ((3, 16), (16, 2), (2,)))
    expect.close(student.linear(X, W, b), reference.linear(X, W, b))


@linear
@pytest.mark.points(1)
def test_layer_unchanged(student, rng):
    """Leaves examples, weights and biases as they were.

    es: Deja como estaban los ejemplos, los pesos y los sesgos.
    """
    X, W, b = layer(rng, 4, 3, 2)
    result, after = student.linear.with_arguments(X, W, b)
    expect.shape(result, (4, 2))
    expect.unchanged((X, W, b), after)


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Explains why two linear layers in a row are one.

    One point: W = W1 W2 of shape (d, c) and b = b1 W2 + b2 of shape (c,). One point: by the same step a hundred layers
    collapse into one, so depth alone adds nothing; a non-linear activation function must stand between two layers.

    es: Explica por qué dos capas lineales seguidas son una sola.

    Un punto: W = W1 W2 de forma (d, c) y b = b1 W2 + b2 de forma (c,). Un punto: con el mismo paso cien capas se
    reducen a una, así que la profundidad sola no agrega nada; entre dos capas debe haber una función de activación no
    lineal.
    """
