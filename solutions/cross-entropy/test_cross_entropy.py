"""Hidden grader of `cross-entropy`: one_hot 3, cross_entropy 4, from logits 5, gradient 4, accuracy 2, by a person 2.

Large scores are whole multiples of 1/8: exact in float32 too, so that rounding the input is nobody's mistake.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

one_hot = pytest.mark.question("one_hot")
cross_entropy = pytest.mark.question("cross_entropy")
from_logits = pytest.mark.question("cross_entropy_from_logits")
grad = pytest.mark.question("cross_entropy_grad")
accuracy = pytest.mark.question("accuracy")
explain = pytest.mark.question("explain")


def eighths(rng, low, high, size):
    """Draw multiples of 1/8 from low to high."""
    return rng.integers(8 * low, 8 * high, size=size) / 8


def distributions(rng, n, c):
    """Draw n probability distributions over c classes."""
    return rng.dirichlet(np.ones(c), size=n)


def scores_and_labels(rng, n, c):
    """Draw scores of ordinary size, and labels."""
    return rng.normal(scale=2.0, size=(n, c)), rng.integers(c, size=n)


def central_differences(loss, z, step=1e-5):
    """Measure the slope of a loss along each entry of z."""
    slopes = np.empty_like(z)
    for index in np.ndindex(z.shape):
        moved = np.zeros_like(z)
        moved[index] = step
        slopes[index] = (loss(z + moved) - loss(z - moved)) / (2 * step)
    return slopes


@one_hot
@pytest.mark.points(1)
def test_one_hot(student, reference, rng):
    """Puts a 1 in the column of each label and 0 everywhere else.

    es: Pone un 1 en la columna de cada etiqueta y 0 en todo lo demás.
    """
    for n, c in ((7, 3), (4, 4), (3, 6)):
        y = rng.integers(c, size=n)
        expect.close(student.one_hot(y, c), reference.one_hot(y, c))


@one_hot
@pytest.mark.points(0.5)
def test_one_hot_width(student, reference, rng):
    """Has c columns, also where the last classes do not occur, and for a single label.

    es: Tiene c columnas, también si no aparecen las últimas clases, y con una sola etiqueta.
    """
    for y in (rng.integers(3, size=5), rng.integers(3, size=1)):
        rows = student.one_hot(y, 7)
        expect.shape(rows, (len(y), 7))
        expect.close(rows, reference.one_hot(y, 7))


@one_hot
@pytest.mark.points(0.5)
def test_one_hot_dtype(student, rng):
    """Returns floating-point numbers.

    es: Devuelve números de punto flotante.
    """
    expect.floating(student.one_hot(rng.integers(4, size=6), 4))


@one_hot
@pytest.mark.points(0.5)
def test_one_hot_kinds(student, reference, rng):
    """Accepts labels as a list and as integers of 8 or 32 bits.

    es: Acepta etiquetas en una lista y como enteros de 8 o 32 bits.
    """
    y = rng.integers(5, size=6)
    for labels in (y.tolist(), y.astype(np.uint8), y.astype(np.int32)):
        expect.close(student.one_hot(labels, 5), reference.one_hot(labels, 5))


@one_hot
@pytest.mark.points(0.5)
def test_one_hot_unchanged(student, rng):
    """Leaves the labels as they were.

    es: Deja como estaban las etiquetas.
    """
    y = rng.integers(4, size=6)
    rows, (after, _) = student.one_hot.with_arguments(y, 4)
    expect.shape(rows, (6, 4))
    expect.unchanged(y, after)


@cross_entropy
@pytest.mark.points(1)
def test_loss(student, reference, rng):
    """Gives the mean of minus the natural logarithm of the right class's probability.

    es: Da el promedio de menos el logaritmo natural de la probabilidad de la clase correcta.
    """
    for n, c in ((8, 3), (4, 4), (5, 2)):
        p, y = distributions(rng, n, c), rng.integers(c, size=n)
        expect.close(student.cross_entropy(p, y), reference.cross_entropy(p, y))


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_one_example(student, reference, rng):
    """Gives one float for a batch of one example too.

    es: Da un solo flotante también para un lote de un solo ejemplo.
    """
    p, y = distributions(rng, 1, 5), rng.integers(1, 5, size=1)
    loss = student.cross_entropy(p, y)
    expect.scalar(loss)
    expect.close(loss, reference.cross_entropy(p, y))


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_certain(student, reference, rng):
    """Handles classes of probability exactly 0, as a model without doubts gives them to the wrong classes.

    es: Resuelve clases de probabilidad exactamente 0, las que un modelo sin dudas da a las clases equivocadas.
    """
    y = rng.integers(4, size=6)
    p = reference.one_hot(y, 4)
    p[0] = reference.one_hot([(y[0] + 1) % 4], 4)[0] * 0.75
    p[0, y[0]] = 0.25
    expect.close(student.cross_entropy(p, y), reference.cross_entropy(p, y))


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_tiny(student, reference, rng):
    """Stays exact where the right class got a tiny probability, down to 1e-30.

    es: Sigue exacta donde la clase correcta recibió una probabilidad diminuta, hasta 1e-30.
    """
    p, y = distributions(rng, 4, 3), rng.integers(3, size=4)
    p[np.arange(4), y] = 10.0 ** rng.uniform(-30, -10, size=4)
    expect.close(student.cross_entropy(p, y), reference.cross_entropy(p, y))


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_kinds(student, reference, rng):
    """Accepts lists, whole numbers and 32-bit floats, and labels of 8 bits.

    es: Acepta listas, números enteros y flotantes de 32 bits, y etiquetas de 8 bits.
    """
    p, y = distributions(rng, 5, 3), rng.integers(3, size=5)
    whole = reference.one_hot(y, 3).astype(int)
    for given, labels in (
        (p.tolist(), y.tolist()),
        (p.astype(np.float32), y.astype(np.uint8)),
        (whole, y),
        (whole.tolist(), y.tolist()),
    ):
        loss = student.cross_entropy(given, labels)
        expect.scalar(loss)
        expect.close(loss, reference.cross_entropy(given, labels))


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_tensorflow(student, baseline):
    """Agrees with TensorFlow.

    es: Coincide con TensorFlow.
    """
    recorded = baseline("probabilities")
    expect.close(student.cross_entropy(recorded.p, recorded.y), recorded.loss)


@cross_entropy
@pytest.mark.points(0.5)
def test_loss_unchanged(student, rng):
    """Leaves probabilities and labels as they were.

    es: Deja como estaban las probabilidades y las etiquetas.
    """
    p, y = distributions(rng, 5, 3), rng.integers(3, size=5)
    loss, after = student.cross_entropy.with_arguments(p, y)
    expect.shape(loss, ())
    expect.unchanged((p, y), after)


@from_logits
@pytest.mark.points(1)
def test_logits(student, reference, rng):
    """Gives the cross-entropy of the softmax of scores, square batches included.

    es: Da la entropía cruzada del softmax de las puntuaciones, también en lotes cuadrados.
    """
    for n, c in ((7, 3), (4, 4)):
        z, y = scores_and_labels(rng, n, c)
        expect.close(student.cross_entropy_from_logits(z, y), reference.cross_entropy_from_logits(z, y))


@from_logits
@pytest.mark.points(0.5)
def test_logits_shapes(student, reference, rng):
    """Gives one float for a batch of one example, for two classes, and for a single class.

    es: Da un solo flotante con un lote de un ejemplo, con dos clases y con una sola clase.
    """
    for n, c in ((1, 5), (6, 2), (3, 1)):
        z, y = scores_and_labels(rng, n, c)
        loss = student.cross_entropy_from_logits(z, y)
        expect.scalar(loss)
        expect.close(loss, reference.cross_entropy_from_logits(z, y))


@from_logits
@pytest.mark.points(0.5)
def test_logits_large(student, reference, rng):
    """Stays exact when all scores are very large or very small, up to 10 000.

    es: Sigue exacta si todas las puntuaciones son muy grandes o muy pequeñas, hasta 10 000.
    """
    near, y = eighths(rng, -3, 3, (5, 4)), rng.integers(4, size=5)
    for z in (near + 9_990, near - 9_990, near + 720):
        expect.close(student.cross_entropy_from_logits(z, y), reference.cross_entropy_from_logits(z, y))


@from_logits
@pytest.mark.points(0.5)
def test_logits_spread(student, reference, rng):
    """Handles a batch in which some rows hold far larger scores than others.

    es: Resuelve un lote en el que unas filas tienen puntuaciones mucho mayores que otras.
    """
    z = eighths(rng, -3, 3, (3, 4)) + np.array([[9_000.0], [0.0], [-9_000.0]])
    y = rng.integers(4, size=3)
    expect.close(student.cross_entropy_from_logits(z, y), reference.cross_entropy_from_logits(z, y))


@from_logits
@pytest.mark.points(1)
def test_logits_tiny(student, reference, rng):
    """Stays finite and exact where the probability of the right class is too small to be stored.

    es: Sigue finita y exacta donde la probabilidad de la clase correcta es demasiado pequeña para guardarse.
    """
    z, y = eighths(rng, -9_900, -900, (4, 3)), rng.integers(3, size=4)
    z[np.arange(4), (y + 1) % 3] = eighths(rng, 0, 5, 4)
    loss = student.cross_entropy_from_logits(z, y)
    expect.finite(loss)
    expect.close(loss, reference.cross_entropy_from_logits(z, y))


@from_logits
@pytest.mark.points(0.5)
def test_logits_kinds(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, and labels of 8 bits.

    es: Acepta listas, enteros y flotantes de 32 bits, y etiquetas de 8 bits.
    """
    whole, y = rng.integers(-3, 4, size=(5, 3)), rng.integers(3, size=5)
    for z, labels in (
        (whole.tolist(), y.tolist()),
        (whole, y.astype(np.uint8)),
        ((whole + 3).astype(np.uint8), y),
        (rng.normal(size=(5, 3)).tolist(), y.tolist()),
        (rng.normal(size=(5, 3)).astype(np.float32), y),
    ):
        expect.close(student.cross_entropy_from_logits(z, labels), reference.cross_entropy_from_logits(z, labels))


@from_logits
@pytest.mark.points(0.5)
def test_logits_tensorflow(student, baseline):
    """Agrees with TensorFlow.

    es: Coincide con TensorFlow.
    """
    recorded = baseline("logits")
    expect.close(student.cross_entropy_from_logits(recorded.z, recorded.y), recorded.loss)


@from_logits
@pytest.mark.points(0.5)
def test_logits_unchanged(student, rng):
    """Leaves scores and labels as they were.

    es: Deja como estaban las puntuaciones y las etiquetas.
    """
    z, y = scores_and_labels(rng, 5, 3)
    loss, after = student.cross_entropy_from_logits.with_arguments(z, y)
    expect.shape(loss, ())
    expect.unchanged((z, y), after)


@grad
@pytest.mark.points(1)
def test_grad(student, reference, rng):
    """Gives the gradient of the mean loss by the scores, square batches included.

    es: Da el gradiente del error promedio respecto de las puntuaciones, también en lotes cuadrados.
    """
    for n, c in ((6, 3), (4, 4), (3, 5)):
        z, y = scores_and_labels(rng, n, c)
        expect.close(student.cross_entropy_grad(z, y), reference.cross_entropy_grad(z, y))


@grad
@pytest.mark.points(0.5)
def test_grad_is_a_slope(student, reference, rng):
    """Agrees with the slopes of the loss, measured by moving each score a little.

    es: Coincide con las pendientes del error, medidas moviendo un poco cada puntuación.
    """
    z, y = scores_and_labels(rng, 4, 3)
    measured = central_differences(lambda moved: reference.cross_entropy_from_logits(moved, y), z)
    expect.close(student.cross_entropy_grad(z, y), measured)


@grad
@pytest.mark.points(0.5)
def test_grad_one_example(student, reference, rng):
    """Keeps the shape of the scores for a batch of one example.

    es: Conserva la forma de las puntuaciones con un lote de un solo ejemplo.
    """
    z, y = scores_and_labels(rng, 1, 4)
    gradient = student.cross_entropy_grad(z, y)
    expect.shape(gradient, (1, 4))
    expect.close(gradient, reference.cross_entropy_grad(z, y))


@grad
@pytest.mark.points(0.5)
def test_grad_large(student, reference, rng):
    """Stays finite and exact for scores up to 10 000, also in very different rows.

    es: Sigue finita y exacta con puntuaciones hasta 10 000, también en filas muy distintas.
    """
    z = eighths(rng, -3, 3, (4, 3)) + np.array([[9_990.0], [720.0], [0.0], [-9_990.0]])
    y = rng.integers(3, size=4)
    gradient = student.cross_entropy_grad(z, y)
    expect.finite(gradient)
    expect.close(gradient, reference.cross_entropy_grad(z, y))


@grad
@pytest.mark.points(0.5)
def test_grad_kinds(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, and always computes in floating point.

    es: Acepta listas, enteros y flotantes de 32 bits, y siempre calcula en punto flotante.
    """
    whole, y = rng.integers(-3, 4, size=(5, 3)), rng.integers(3, size=5)
    for z, labels in (
        (whole.tolist(), y.tolist()),
        (whole, y.astype(np.uint8)),
        ((whole + 3).astype(np.uint8), y),
        (rng.normal(size=(5, 3)).astype(np.float32), y),
    ):
        gradient = student.cross_entropy_grad(z, labels)
        expect.floating(gradient)
        expect.close(gradient, reference.cross_entropy_grad(z, labels))


@grad
@pytest.mark.points(0.5)
def test_grad_tensorflow(student, baseline):
    """Agrees with TensorFlow's automatic derivative.

    es: Coincide con la derivada automática de TensorFlow.
    """
    recorded = baseline("logits")
    expect.close(student.cross_entropy_grad(recorded.z, recorded.y), recorded.grad)


@grad
@pytest.mark.points(0.5)
def test_grad_unchanged(student, rng):
    """Leaves scores and labels as they were.

    es: Deja como estaban las puntuaciones y las etiquetas.
    """
    z, y = scores_and_labels(rng, 5, 3)
    gradient, after = student.cross_entropy_grad.with_arguments(z, y)
    expect.shape(gradient, (5, 3))
    expect.unchanged((z, y), after)


@accuracy
@pytest.mark.points(0.5)
def test_accuracy(student, reference, rng):
    """Gives the share of examples whose most probable class is the right one.

    es: Da la proporción de ejemplos cuya clase más probable es la correcta.
    """
    for n, c in ((12, 3), (5, 5), (9, 6)):
        p, y = distributions(rng, n, c), rng.integers(c, size=n)
        y[:2] = np.argmax(p[:2], axis=-1)
        expect.close(student.accuracy(p, y), reference.accuracy(p, y))


@accuracy
@pytest.mark.points(0.5)
def test_accuracy_ends(student, rng):
    """Gives 0.0 where everything is wrong and 1.0 where everything is right, also for one example.

    es: Da 0.0 si todo está mal y 1.0 si todo está bien, también con un solo ejemplo.
    """
    for n in (1, 6):
        p = distributions(rng, n, 4)
        for added, wanted in ((0, 1.0), (1, 0.0)):
            share = student.accuracy(p, (np.argmax(p, axis=-1) + added) % 4)
            expect.scalar(share)
            expect.close(share, wanted)


@accuracy
@pytest.mark.points(0.5)
def test_accuracy_tie(student, reference, rng):
    """Among equal probabilities of a row, counts the first class as predicted, and only that.

    es: Entre probabilidades iguales de una fila, cuenta como predicha la primera clase, y solo esa.
    """
    p = np.array([[0.4, 0.4, 0.2], [0.1, 0.45, 0.45], [0.25, 0.5, 0.25], [0.4, 0.2, 0.4], [0.4, 0.4, 0.2]])
    y = np.array([0, 2, 1, 2, 1])
    order = rng.permutation(5)
    expect.close(student.accuracy(p[order], y[order]), reference.accuracy(p, y))


@accuracy
@pytest.mark.points(0.5)
def test_accuracy_kinds(student, reference, rng):
    """Accepts lists, whole numbers and scores of either sign, and leaves arrays as they were.

    es: Acepta listas, números enteros y puntuaciones de cualquier signo, y deja los arreglos como estaban.
    """
    z, y = rng.permuted(np.tile(np.arange(-3, 2), (8, 1)), axis=1), rng.integers(5, size=8)
    y[:3] = np.argmax(z[:3], axis=-1)
    for given, labels in ((z, y), (z.tolist(), y.tolist()), (z.astype(np.float32), y.astype(np.uint8))):
        expect.close(student.accuracy(given, labels), reference.accuracy(given, labels))
    _, after = student.accuracy.with_arguments(z, y)
    expect.unchanged((z, y), after)


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Says what a model without knowledge costs, and why training needs cross-entropy.

    One point: -ln(1/c) = ln c, which is 1.099 for three careers; the lecture's model, with 1.514, does worse than one
    that knows nothing, because it is sure of wrong answers (the 0.01 of the first row alone costs 4.61). One point: a
    tiny move of a score changes no argmax, or makes accuracy jump, so the slope of accuracy is 0 almost everywhere and
    shows no direction; cross-entropy changes smoothly with every score, also in examples that are right already.

    es: Dice cuánto cuesta un modelo que no sabe nada, y por qué el entrenamiento necesita la entropía cruzada.

    Un punto: -ln(1/c) = ln c, que para tres carreras es 1.099; el modelo de la clase, con 1.514, es peor que uno que no
    sabe nada, porque está seguro de respuestas equivocadas (solo el 0.01 de la primera fila cuesta 4.61). Un punto: un
    movimiento muy pequeño de una puntuación no cambia ningún argmax, o hace saltar la exactitud, de modo que su
    pendiente es 0 casi en todas partes y no muestra ninguna dirección; la entropía cruzada cambia suavemente con cada
    puntuación, también en ejemplos que ya están bien.
    """
