"""Hidden grader of the assignment `mse`: 8 points for mse, 5 for mse_grad, 5 for half_mse, 2 for a person.

Inputs have one, three or more outputs, never two: there mse and half_mse agree by accident.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.errors import StudentRaised
from autograder.grading import expect

mse = pytest.mark.question("mse")
mse_grad = pytest.mark.question("mse_grad")
half_mse = pytest.mark.question("half_mse")
explain = pytest.mark.question("explain")


def pair(rng, *shape):
    """Draw true values and predictions that differ by about 1."""
    y_true = rng.normal(scale=3.0, size=shape)
    return y_true, y_true + rng.normal(size=shape)


def kinds(rng, *shape):
    """Draw pairs of lists, lists of floats, integers, and 32-bit floats."""
    whole = rng.integers(-9, 10, size=(2, *shape))
    yield tuple(whole.tolist())
    yield tuple(part.tolist() for part in pair(rng, *shape))
    yield tuple(whole)
    yield tuple(part.astype(np.float32) for part in pair(rng, *shape))


def pixels(rng, *shape):
    """Draw true values and predictions as unsigned integers of 8 bits."""
    return tuple(rng.integers(0, 256, size=(2, *shape)).astype(np.uint8))


def central_differences(loss, predictions, step=1e-5):
    """Measure the slope of a loss along each prediction."""
    slopes = np.empty_like(predictions)
    for index in np.ndindex(predictions.shape):
        moved = np.zeros_like(predictions)
        moved[index] = step
        slopes[index] = (loss(predictions + moved) - loss(predictions - moved)) / (2 * step)
    return slopes


@mse
@pytest.mark.points(2)
def test_mse(student, reference, rng):
    """Gives the mean of the squared differences over all entries.

    es: Da el promedio de los cuadrados de las diferencias sobre todas las entradas.
    """
    for n, d in ((8, 3), (5, 5), (4, 7)):
        y_true, y_pred = pair(rng, n, d)
        expect.close(student.mse(y_true, y_pred), reference.mse(y_true, y_pred))


@mse
@pytest.mark.points(1)
def test_mse_one_output(student, reference, rng):
    """Works for vectors of shape (n,) and columns of shape (n, 1).

    es: Funciona con vectores de forma (n,) y columnas de forma (n, 1).
    """
    for shape in ((6,), (6, 1)):
        y_true, y_pred = pair(rng, *shape)
        expect.close(student.mse(y_true, y_pred), reference.mse(y_true, y_pred))


@mse
@pytest.mark.points(1)
def test_mse_one_number(student, reference, rng):
    """Returns one float, also for a batch of one example.

    es: Devuelve un solo flotante, también con un lote de un solo ejemplo.
    """
    y_true, y_pred = pair(rng, 1, 4)
    loss = student.mse(y_true, y_pred)
    expect.scalar(loss)
    expect.close(loss, reference.mse(y_true, y_pred))


@mse
@pytest.mark.points(1)
def test_mse_shapes_differ(student, reference, rng):
    """Raises a ValueError where the shapes differ, as (n,) and (n, 1) do, and answers where they agree.

    es: Lanza un ValueError si las formas difieren, como (n,) y (n, 1), y responde si coinciden.
    """
    y_true, y_pred = pair(rng, 5)
    expect.close(student.mse(y_true, y_pred), reference.mse(y_true, y_pred))
    for one, other in ((y_true, y_pred[:, np.newaxis]), (y_true[:, np.newaxis], y_pred), (y_true, y_pred[:1])):
        try:
            student.mse(one, other)
        except StudentRaised as raised:
            refused = raised.kind == "ValueError"
        else:
            refused = False
        expect.true(
            refused,
            "Two arrays of different shapes were accepted, or refused with an error other than ValueError.",
            es="Se aceptaron dos arreglos de formas distintas, o se rechazaron con un error que no es ValueError.",
        )


@mse_grad
@pytest.mark.points(1)
def test_grad(student, reference, rng):
    """Gives the derivative of mse by each prediction.

    es: Da la derivada de mse respecto de cada predicción.
    """
    for n, d in ((8, 3), (5, 5)):
        y_true, y_pred = pair(rng, n, d)
        expect.close(student.mse_grad(y_true, y_pred), reference.mse_grad(y_true, y_pred))


@mse_grad
@pytest.mark.points(1)
def test_grad_is_a_slope(student, reference, rng):
    """Agrees with the slopes of the loss, measured by moving each prediction a little.

    es: Coincide con las pendientes del error, medidas moviendo un poco cada predicción.
    """
    y_true, y_pred = pair(rng, 3, 4)
    measured = central_differences(lambda moved: reference.mse(y_true, moved), y_pred)
    expect.close(student.mse_grad(y_true, y_pred), measured)


@mse_grad
@pytest.mark.points(1)
def test_grad_shapes(student, reference, rng):
    """Has the shape of the predictions: vectors, columns, one example.

    es: Tiene la forma de las predicciones: vectores, columnas, un solo ejemplo.
    """
    for shape in ((6,), (6, 1), (1, 4)):
        y_true, y_pred = pair(rng, *shape)
        gradient = student.mse_grad(y_true, y_pred)
        expect.shape(gradient, shape)
        expect.close(gradient, reference.mse_grad(y_true, y_pred))


@mse_grad
@pytest.mark.points(0.5)
def test_grad_kinds(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, and always computes in floating point.

    es: Acepta listas, enteros y flotantes de 32 bits, y siempre calcula en punto flotante.
    """
    for y_true, y_pred in kinds(rng, 4, 3):
        gradient = student.mse_grad(y_true, y_pred)
        expect.floating(gradient)
        expect.close(gradient, reference.mse_grad(y_true, y_pred))


@mse_grad
@pytest.mark.points(0.5)
def test_grad_pixels(student, reference, rng):
    """Gives negative slopes for unsigned 8-bit integers too.

    es: Da pendientes negativas también con enteros de 8 bits sin signo.
    """
    y_true, y_pred = pixels(rng, 4, 9)
    expect.close(student.mse_grad(y_true, y_pred), reference.mse_grad(y_true, y_pred))


@mse_grad
@pytest.mark.points(0.5)
def test_grad_tensorflow(student, baseline):
    """Agrees with TensorFlow's automatic derivative.

    es: Coincide con la derivada automática de TensorFlow.
    """
    recorded = baseline("several_outputs")
    expect.close(student.mse_grad(recorded.y_true, recorded.y_pred), recorded.mse_grad)


@half_mse
@pytest.mark.points(1)
def test_half(student, reference, rng):
    """Gives the mean over the examples of half the squared distance.

    es: Da el promedio sobre los ejemplos de la mitad de la distancia al cuadrado.
    """
    for n, d in ((8, 3), (5, 5), (3, 6)):
        y_true, y_pred = pair(rng, n, d)
        expect.close(student.half_mse(y_true, y_pred), reference.half_mse(y_true, y_pred))


@half_mse
@pytest.mark.points(1)
def test_half_one_example(student, reference, rng):
    """Gives half of the squares' sum, as one float, for a single example.

    es: Da la mitad de la suma de cuadrados, como un solo flotante, con un solo ejemplo.
    """
    y_true, y_pred = pair(rng, 1, 4)
    loss = student.half_mse(y_true, y_pred)
    expect.scalar(loss)
    expect.close(loss, reference.half_mse(y_true, y_pred))


@half_mse
@pytest.mark.points(1)
def test_half_one_output(student, reference, rng):
    """Takes a vector of shape (n,) as n examples with one output, as it does a column (n, 1).

    es: Toma un vector de forma (n,) como n ejemplos de una salida, igual que una columna (n, 1).
    """
    for shape in ((6,), (6, 1)):
        y_true, y_pred = pair(rng, *shape)
        expect.close(student.half_mse(y_true, y_pred), reference.half_mse(y_true, y_pred))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("mse", id="test_mse_kinds", marks=[mse, pytest.mark.points(1)]),
        pytest.param("half_mse", id="test_half_kinds", marks=[half_mse, pytest.mark.points(0.5)]),
    ],
)
def test_kinds(student, reference, rng, name):
    """Accepts lists, integers and 32-bit floats.

    es: Acepta listas, enteros y flotantes de 32 bits.
    """
    for y_true, y_pred in kinds(rng, 4, 3):
        loss = getattr(student, name)(y_true, y_pred)
        expect.scalar(loss)
        expect.close(loss, getattr(reference, name)(y_true, y_pred))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("mse", id="test_mse_pixels", marks=mse),
        pytest.param("half_mse", id="test_half_pixels", marks=half_mse),
    ],
)
@pytest.mark.points(0.5)
def test_pixels(student, reference, rng, name):
    """Does not overflow on unsigned 8-bit integers, such as the pixels of an image.

    es: No se desborda con enteros de 8 bits sin signo, como los píxeles de una imagen.
    """
    y_true, y_pred = pixels(rng, 4, 9)
    expect.close(getattr(student, name)(y_true, y_pred), getattr(reference, name)(y_true, y_pred))


@mse
@pytest.mark.points(0.5)
def test_mse_large(student, reference, rng):
    """Stays exact for values of some ten thousand, and gives exactly 0 for perfect predictions.

    es: Sigue exacta con valores de varias decenas de miles, y da exactamente 0 con predicciones perfectas.
    """
    y_true = rng.integers(-20_000, 20_000, size=(5, 3)) / 2
    y_pred = y_true + rng.integers(-4_000, 4_000, size=(5, 3)) / 2
    expect.close(student.mse(y_true, y_pred), reference.mse(y_true, y_pred))
    expect.close(student.mse(y_true, y_true), 0.0, atol=0.0)


@mse
@pytest.mark.points(0.5)
def test_mse_tensorflow(student, baseline):
    """Agrees with TensorFlow.

    es: Coincide con TensorFlow.
    """
    recorded = baseline("several_outputs")
    expect.close(student.mse(recorded.y_true, recorded.y_pred), recorded.mse)


@half_mse
@pytest.mark.points(0.5)
def test_half_tensorflow(student, baseline):
    """Agrees with TensorFlow's half sum of squares, averaged over the examples.

    es: Coincide con la media suma de cuadrados de TensorFlow, promediada sobre los ejemplos.
    """
    recorded = baseline("several_outputs")
    expect.close(student.half_mse(recorded.y_true, recorded.y_pred), recorded.half_mse)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        pytest.param("mse", (), id="test_mse_unchanged", marks=mse),
        pytest.param("mse_grad", (5, 3), id="test_grad_unchanged", marks=mse_grad),
        pytest.param("half_mse", (), id="test_half_unchanged", marks=half_mse),
    ],
)
@pytest.mark.points(0.5)
def test_unchanged(student, rng, name, shape):
    """Leaves true values and predictions as they were.

    es: Deja como estaban los valores verdaderos y las predicciones.
    """
    y_true, y_pred = pair(rng, 5, 3)
    got, after = getattr(student, name).with_arguments(y_true, y_pred)
    expect.shape(got, shape)
    expect.unchanged((y_true, y_pred), after)


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Compares the gradients of the two conventions and says how one training is turned into the other.

    One point: the gradient of mse is 2 (prediction - truth) / (n d), that of half_mse is (prediction - truth) / n, so
    half_mse's is d / 2 = 5 times larger, at every entry. One point: team A multiplies its learning rate by 5 (0.5 in
    place of 0.1), and every step is the same as team B's; the best predictions are the same, since one loss is a
    positive multiple of the other.

    es: Compara los gradientes de las dos convenciones y dice cómo convertir un entrenamiento en el otro.

    Un punto: el gradiente de mse es 2 (predicción - verdad) / (n d), el de half_mse es (predicción - verdad) / n, de
    modo que el de half_mse es d / 2 = 5 veces mayor en cada entrada. Un punto: el equipo A multiplica por 5 su tasa de
    aprendizaje (0.5 en vez de 0.1), y cada paso es igual al del equipo B; las mejores predicciones son las mismas,
    porque una función de error es un múltiplo positivo de la otra.
    """
