"""Hidden grader of the assignment `softmax`: 12 points for softmax, 6 for log_softmax, 2 for the written question.

Large scores are whole multiples of 1/8: exact in float32 too, so that rounding the input is nobody's mistake.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

softmax = pytest.mark.question("softmax")
log_softmax = pytest.mark.question("log_softmax")
explain = pytest.mark.question("explain")


def eighths(rng, low, high, size):
    """Draw multiples of 1/8 from low to high."""
    return rng.integers(8 * low, 8 * high, size=size) / 8


def both(criterion):
    """Ask a criterion of both functions."""
    sets = [
        pytest.param("softmax", id=f"test_{criterion}", marks=softmax),
        pytest.param("log_softmax", id=f"test_log_{criterion}", marks=log_softmax),
    ]
    return pytest.mark.parametrize("name", sets)


@softmax
@pytest.mark.points(2)
def test_vector(student, reference, rng):
    """Gives the right probabilities for the scores of one example.

    es: Da las probabilidades correctas para las puntuaciones de un ejemplo.
    """
    for c in (3, 7):
        z = rng.normal(scale=2.0, size=c)
        expect.close(student.softmax(z), reference.softmax(z))


@softmax
@pytest.mark.points(1)
def test_batch(student, reference, rng):
    """Gives each row of a batch its own probabilities.

    es: Da a cada fila de un lote sus propias probabilidades.
    """
    z = rng.normal(scale=2.0, size=(6, 3))
    expect.close(student.softmax(z), reference.softmax(z))


@softmax
@pytest.mark.points(1)
def test_square_batch(student, reference, rng):
    """Works on rows, not on columns, also when a batch has as many examples as classes.

    es: Trabaja por filas, no por columnas, también cuando hay tantos ejemplos como clases.
    """
    z = rng.normal(scale=2.0, size=(4, 4))
    expect.close(student.softmax(z), reference.softmax(z))


@softmax
@pytest.mark.points(1)
def test_distribution(student, rng):
    """Each row is a probability distribution: nothing negative, and a sum of 1.

    es: Cada fila es una distribución de probabilidad: nada negativo, y suma 1.
    """
    p = student.softmax(rng.normal(scale=3.0, size=(5, 4)))
    expect.shape(p, (5, 4))
    expect.true(bool(np.min(p) >= 0), "Some probabilities are negative.", es="Hay probabilidades negativas.")
    expect.close(np.sum(p, axis=-1), np.ones(5))


@softmax
@pytest.mark.points(1)
def test_shift(student, reference, rng):
    """Adding the same number to all scores of a row leaves its probabilities as they were.

    es: Sumar el mismo número a todas las puntuaciones de una fila deja iguales sus probabilidades.
    """
    z = rng.normal(size=(4, 3))
    expect.close(student.softmax(z + eighths(rng, -20, 20, (4, 1))), reference.softmax(z))


@softmax
@pytest.mark.points(2)
def test_large_scores(student, reference, rng):
    """Stays finite and exact for scores as large as 10 000 and as small as -10 000.

    es: Sigue finita y exacta con puntuaciones tan grandes como 10 000 y tan pequeñas como -10 000.
    """
    near = eighths(rng, -3, 3, 5)
    for z in (near + 9_990, near - 9_990, near + 720, eighths(rng, -10_000, 10_000, 5)):
        expect.close(student.softmax(z), reference.softmax(z))


@softmax
@pytest.mark.points(1)
def test_spread_rows(student, reference, rng):
    """Handles a batch in which some rows hold far larger scores than others.

    es: Resuelve un lote en el que unas filas tienen puntuaciones mucho mayores que otras.
    """
    z = eighths(rng, -3, 3, (3, 4)) + np.array([[9_000.0], [0.0], [-9_000.0]])
    expect.close(student.softmax(z), reference.softmax(z))


@log_softmax
@pytest.mark.points(1)
def test_log_vector(student, reference, rng):
    """Gives the natural logarithm of softmax for the scores of one example.

    es: Da el logaritmo natural de softmax para las puntuaciones de un ejemplo.
    """
    z = rng.normal(scale=2.0, size=6)
    expect.close(student.log_softmax(z), reference.log_softmax(z))


@log_softmax
@pytest.mark.points(1)
def test_log_batch(student, reference, rng):
    """Gives the logarithm of softmax for each row of a batch, square or not.

    es: Da el logaritmo de softmax para cada fila de un lote, cuadrado o no.
    """
    for shape in ((5, 3), (4, 4), (1, 3)):
        z = rng.normal(scale=2.0, size=shape)
        expect.close(student.log_softmax(z), reference.log_softmax(z))


@log_softmax
@pytest.mark.points(1)
def test_log_large_scores(student, reference, rng):
    """Stays exact when all scores of a row are very large or very small.

    es: Sigue exacta cuando todas las puntuaciones de una fila son muy grandes o muy pequeñas.
    """
    z = eighths(rng, -3, 3, (3, 5)) + np.array([[9_990.0], [0.0], [-9_990.0]])
    expect.close(student.log_softmax(z), reference.log_softmax(z))
    for row in z:
        expect.close(student.log_softmax(row), reference.log_softmax(row))


@log_softmax
@pytest.mark.points(1)
def test_log_tiny_probabilities(student, reference, rng):
    """Stays finite and exact where the probability itself is too small to be stored.

    es: Sigue finita y exacta donde la probabilidad misma es demasiado pequeña para guardarse.
    """
    z = rng.permutation(np.append(eighths(rng, -9_900, -900, 4), [0.0, 1.0]))
    got = student.log_softmax(z)
    expect.finite(got)
    expect.close(got, reference.log_softmax(z))


@both("kinds_of_input")
@pytest.mark.points(1)
def test_kinds(student, reference, rng, name):
    """Accepts lists, integers and 32-bit floats, and always computes in floating point.

    es: Acepta listas, enteros y flotantes de 32 bits, y siempre calcula en punto flotante.
    """
    whole = rng.integers(-3, 4, size=(3, 4))
    small = (whole + 3).astype(np.uint8)
    for z in (whole, whole.tolist(), small, rng.normal(size=5).tolist(), rng.normal(size=5).astype(np.float32)):
        got = getattr(student, name)(z)
        expect.floating(got)
        expect.close(got, getattr(reference, name)(z))


@softmax
@pytest.mark.points(1)
def test_shapes(student, reference, rng):
    """Keeps the shape of the scores: a batch of one example, a single class.

    es: Conserva la forma de las puntuaciones: un lote de un solo ejemplo, una sola clase.
    """
    for shape in ((1, 5), (4, 1), (1,), (2, 3)):
        z = rng.normal(size=shape)
        p = student.softmax(z)
        expect.shape(p, shape)
        expect.close(p, reference.softmax(z))


@both("argument_unchanged")
@pytest.mark.points(1)
def test_unchanged(student, rng, name):
    """Leaves the scores that it was given as they were.

    es: Deja como estaban las puntuaciones que recibe.
    """
    for shape in ((5,), (3, 4)):
        z = rng.normal(size=shape)
        got, (after,) = getattr(student, name).with_arguments(z)
        expect.shape(got, shape)
        expect.unchanged(z, after)


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Explains why adding to the scores changes nothing and multiplying them does.

    One point: the common factor e^k is taken out of numerator and denominator and cancels. One point: doubling turns
    the probabilities into (0.0003, 0.9996, 0.00005), because the ratio of two classes is exp of their difference,
    and so is squared; the model seems surer of itself, though the order of the classes is the same.

    es: Explica por qué sumar a las puntuaciones no cambia nada y multiplicarlas sí.

    Un punto: el factor común e^k sale del numerador y del denominador y se cancela. Un punto: duplicar lleva las
    probabilidades a (0.0003, 0.9996, 0.00005), porque el cociente entre dos clases es la exponencial de su diferencia,
    y así queda elevado al cuadrado; el modelo parece más seguro de sí mismo, aunque el orden de las clases es el mismo.
    """
