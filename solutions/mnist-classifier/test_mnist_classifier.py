"""Hidden grader of the assignment `mnist-classifier`: 18 points for six functions, 2 for the written question.

A function is judged on inputs that the grader supplies. `loss_and_grads`, `train` and `evaluate` may call functions of
the student's own, which cannot be supplied from outside. They are right if they agree with the reference, or with what
follows from the student's own `predict_proba`, `loss_and_grads` and `minibatches` when the grader calls these one after
the other; so a mistake in one of them costs points once, and any order of the examples is as good as another.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from autograder.baseline import digits
from autograder.errors import StudentFailure
from autograder.grading import expect

prepare = pytest.mark.question("prepare")
predict_proba = pytest.mark.question("predict_proba")
loss_and_grads = pytest.mark.question("loss_and_grads")
minibatches = pytest.mark.question("minibatches")
train = pytest.mark.question("train")
evaluate = pytest.mark.question("evaluate")
explain = pytest.mark.question("explain")

NAMES = ("W", "b")
MARGIN = 0.05  # runs in another order of the examples differ by 0.9 points (one standard deviation)


def layer(rng, d, c):
    """Draw parameters of a layer."""
    return {"W": rng.normal(size=(d, c)), "b": rng.normal(size=c)}


def examples(rng, n, d, c):
    """Draw inputs between 0 and 1, and labels."""
    return rng.random(size=(n, d)), rng.integers(c, size=n)


def pair(got, english, spanish):
    """Expect two things."""
    expect.true(type(got) in (tuple, list) and len(got) == 2, english, es=spanish)
    return got


def by_name(got):
    """Expect a dict with an entry for each parameter."""
    expect.true(
        type(got) is dict and all(name in got for name in NAMES),
        "There must be a dict with the keys W and b.",
        es="Debe haber un diccionario con las claves W y b.",
    )
    return got


def measured(got):
    """Expect a loss and gradients."""
    loss, grads = pair(
        got,
        "loss_and_grads must return two things: the loss and the gradients.",
        "loss_and_grads debe devolver dos cosas: el error y los gradientes.",
    )
    return expect.scalar(loss), by_name(grads)


def trained(got):
    """Expect parameters and losses."""
    params, losses = pair(
        got,
        "train must return two things: the parameters and the list of losses.",
        "train debe devolver dos cosas: los parámetros y la lista de errores.",
    )
    return by_name(params), losses


def evaluated(got):
    """Expect loss and accuracy."""
    return pair(
        got,
        "evaluate must return two things: the loss and the accuracy.",
        "evaluate debe devolver dos cosas: el error y la exactitud.",
    )


def dealt(got):
    """Expect a list of arrays of positions."""
    right = type(got) in (list, tuple) and all(type(batch) in (np.ndarray, list, tuple) for batch in got)
    batches = [np.asarray(batch) for batch in got] if right else []
    expect.true(
        right and all(batch.ndim == 1 and batch.dtype.kind in "iu" for batch in batches),
        "minibatches must return a list of arrays of whole numbers.",
        es="minibatches debe devolver una lista de arreglos de números enteros.",
    )
    return batches


def all_close(got, want, **tolerances):
    """Expect weights and biases, or their gradients, to agree."""
    by_name(got)
    for name in NAMES:
        expect.close(got[name], want[name], **tolerances)


def by_one_of(compare, *ways):
    """Pass if `compare` accepts what one of the ways to the right answer gives; else fail with the first's words."""
    failures = []
    for way in ways:
        try:
            return compare(way())
        except StudentFailure as failure:
            failures.append(failure)
    raise failures[0]


def from_probabilities(student, params, X, y):
    """Work out loss and gradients from the student's own probabilities."""
    X, n = np.asarray(X, dtype=float), len(y)
    p = expect.array(student.predict_proba(params, X), shape=(n, len(params["b"])))
    delta = p.copy()
    delta[np.arange(n), y] -= 1
    with np.errstate(all="ignore"):
        loss = -np.mean(np.log(p[np.arange(n), y]))
    return loss, {"W": X.T @ delta / n, "b": delta.sum(axis=0) / n}


def share_of_hits(student, params, X, y):
    """Work out the accuracy from the student's own probabilities."""
    p = expect.array(student.predict_proba(params, X), shape=(len(y), len(params["b"])))
    return np.mean(p.argmax(axis=1) == y)


def epochs_of(deal, gradients, params, run):
    """Train by hand: `deal` gives batches, `gradients` losses and gradients, the reference's or the student's."""
    X, y, rate, epochs, batch_size, seed = run
    totals, seen = [], 0
    for epoch in range(epochs):
        total, seen = 0.0, 0
        for batch in dealt(deal(len(X), batch_size, seed + epoch)):
            expect.true(
                bool(np.all((batch >= 0) & (batch < len(X)))),
                "minibatches gives positions beyond the last example.",
                es="minibatches da posiciones más allá del último ejemplo.",
            )
            loss, grads = measured(gradients(params, X[batch], y[batch]))
            params = {name: params[name] - rate * grads[name] for name in NAMES}
            total, seen = total + loss * len(batch), seen + len(batch)
        totals.append(total)
    return params, np.array(totals), seen


def ways_to_train(student, reference, params, run):
    """Three ways to the right end: the reference's batches and gradients, or first one, then both of the student's."""
    return (
        lambda: epochs_of(reference.minibatches, reference.loss_and_grads, params, run),
        lambda: epochs_of(student.minibatches, reference.loss_and_grads, params, run),
        lambda: epochs_of(student.minibatches, student.loss_and_grads, params, run),
    )


@cache
def digits_to_learn(seed, to_train, held_out):
    """Draw digits once for all submissions: pixels between 0 and 1, and labels, to train and held out."""
    drawn = digits.generate_digits(to_train + held_out, seed)
    X, y = drawn.images.reshape(-1, 784) / 255, drawn.labels
    for array in (part := (X[:to_train].copy(), y[:to_train].copy())):
        array.flags.writeable = False  # a sandbox is sent read-only arrays once
    return part, (X[to_train:], y[to_train:])


@prepare
@pytest.mark.points(1)
def test_pixels(student, reference, rng):
    """Gives one row of 784 floats for each image, row after row of pixels, each divided by 255.

    es: Da una fila de 784 flotantes por imagen, fila tras fila de píxeles, cada uno dividido entre 255.
    """
    images = rng.integers(256, size=(3, 28, 28)).astype(np.uint8)
    expect.close(student.prepare(images), reference.prepare(images))


@prepare
@pytest.mark.points(0.5)
def test_pixels_extremes(student, rng):
    """Turns 0 into 0 and 255 into 1, also where an image is dark or all images are black.

    es: Convierte 0 en 0 y 255 en 1, también si una imagen es oscura o si todas son negras.
    """
    dark = rng.integers(1, 100, size=(2, 28, 28)).astype(np.uint8)
    for images in (dark, np.zeros_like(dark), np.full_like(dark, 255)):
        rows = student.prepare(images)
        expect.finite(rows)
        expect.close(rows, images.reshape(2, 784) / 255)


@prepare
@pytest.mark.points(0.5)
def test_pixels_kinds_of_input(student, reference, rng):
    """Accepts a single image in a batch, lists and wider integers, and always gives floats.

    es: Acepta un lote de una sola imagen, listas y enteros más anchos, y siempre da flotantes.
    """
    images = rng.integers(256, size=(2, 28, 28))
    for batch in (images, images[:1].astype(np.uint8), images.tolist()):
        rows = student.prepare(batch)
        expect.floating(rows)
        expect.close(rows, reference.prepare(batch))


@prepare
@pytest.mark.points(0.5)
def test_pixels_unchanged(student, rng):
    """Leaves the images as they were, whatever their type is.

    es: Deja las imágenes como estaban, sea cual sea su tipo.
    """
    images = rng.integers(256, size=(2, 28, 28)).astype(np.uint8)
    for batch in (images, images.astype(float)):
        rows, after = student.prepare.with_arguments(batch)
        expect.shape(rows, (2, 784))
        expect.unchanged((batch,), after)


@predict_proba
@pytest.mark.points(1)
def test_probabilities(student, reference, rng, baseline):
    """Gives each example its distribution over the classes, as the reference and TensorFlow do.

    es: Da a cada ejemplo su distribución sobre las clases, igual que la referencia y que TensorFlow.
    """
    for n, d, c in ((5, 6, 4), (3, 2, 3), (4, 5, 4)):
        params, (X, _) = layer(rng, d, c), examples(rng, n, d, c)
        expect.close(student.predict_proba(params, X), reference.predict_proba(params, X))
    recorded = baseline("probabilities")
    expect.close(student.predict_proba({"W": recorded.W, "b": recorded.b}, recorded.X), recorded.p)


@predict_proba
@pytest.mark.points(1)
def test_probabilities_large(student, reference, rng):
    """Stays finite and exact for scores up to 10 000, in every row.

    es: Sigue finita y exacta con puntuaciones de hasta 10 000, en todas las filas.
    """
    X = np.array([[2_000.0, 0.0], [0.0, 1.0], [-2_000.0, 0.0]])
    params = {"W": rng.integers(-4, 5, size=(2, 4)).astype(float), "b": rng.integers(-3, 4, size=4) / 8}
    params["W"][0] = rng.permutation([4.0, 4.0, -1.0, -4.0])
    p = student.predict_proba(params, X)
    expect.finite(p)
    expect.close(p, reference.predict_proba(params, X))


@predict_proba
@pytest.mark.points(0.5)
def test_probabilities_kinds_of_input(student, reference, rng):
    """Accepts a batch of one example, lists of rows, whole numbers and 32-bit floats.

    es: Acepta un lote de un solo ejemplo, listas de filas, números enteros y flotantes de 32 bits.
    """
    params, whole = layer(rng, 4, 3), rng.integers(-2, 3, size=(5, 4))
    for X in (whole[:1], whole.tolist(), rng.random((1, 4)).tolist(), rng.random((3, 4)).astype(np.float32)):
        p = student.predict_proba(params, X)
        expect.floating(p)
        expect.close(p, reference.predict_proba(params, X))


@predict_proba
@pytest.mark.points(0.5)
def test_probabilities_unchanged(student, rng):
    """Leaves the parameters and the inputs as they were.

    es: Deja como estaban los parámetros y las entradas.
    """
    params, (X, _) = layer(rng, 4, 3), examples(rng, 5, 4, 3)
    p, after = student.predict_proba.with_arguments(params, X)
    expect.shape(p, (5, 3))
    expect.unchanged((params, X), after)


@loss_and_grads
@pytest.mark.points(1)
def test_loss(student, reference, rng):
    """Gives the mean cross-entropy of the right classes. (Uses your predict_proba, right or wrong, if you call it.)

    es: Da el promedio de la entropía cruzada de las clases correctas. (Usa tu predict_proba, bien o mal, si la llamas.)
    """
    for n, d, c in ((6, 5, 4), (3, 4, 3)):
        params, (X, y) = layer(rng, d, c), examples(rng, n, d, c)
        loss, _ = measured(student.loss_and_grads(params, X, y))
        by_one_of(
            lambda want, loss=loss: expect.close(loss, want[0]),
            lambda params=params, X=X, y=y: reference.loss_and_grads(params, X, y),
            lambda params=params, X=X, y=y: from_probabilities(student, params, X, y),
        )


@loss_and_grads
@pytest.mark.points(1)
def test_gradient_of_weights(student, reference, rng):
    """Gives the gradient by W, averaged over the examples. (Uses your predict_proba, right or wrong, if you call it.)

    es: Da el gradiente respecto a W, promediado sobre los ejemplos. (Usa tu predict_proba, bien o mal, si la llamas.)
    """
    params, (X, y) = layer(rng, 5, 4), examples(rng, 7, 5, 4)
    _, grads = measured(student.loss_and_grads(params, X, y))
    by_one_of(
        lambda want: expect.close(grads["W"], want[1]["W"]),
        lambda: reference.loss_and_grads(params, X, y),
        lambda: from_probabilities(student, params, X, y),
    )


@loss_and_grads
@pytest.mark.points(0.5)
def test_gradient_of_biases(student, reference, rng):
    """Gives the gradient by b, summed over the examples. (Uses your predict_proba, right or wrong, if you call it.)

    es: Da el gradiente respecto a b, sumado sobre los ejemplos. (Usa tu predict_proba, bien o mal, si la llamas.)
    """
    params, (X, y) = layer(rng, 5, 4), examples(rng, 7, 5, 4)
    _, grads = measured(student.loss_and_grads(params, X, y))
    by_one_of(
        lambda want: expect.close(grads["b"], want[1]["b"]),
        lambda: reference.loss_and_grads(params, X, y),
        lambda: from_probabilities(student, params, X, y),
    )


@loss_and_grads
@pytest.mark.points(0.5)
def test_gradient_numerically(student, reference, rng):
    """Gives gradients that agree with central differences of the loss.

    es: Da gradientes que coinciden con las diferencias centrales del error.
    """
    params, (X, y) = layer(rng, 3, 3), examples(rng, 4, 3, 3)
    _, grads = measured(student.loss_and_grads(params, X, y))
    for name in NAMES:
        want = np.zeros(params[name].shape)
        for index in np.ndindex(want.shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            sides = [reference.loss_and_grads({**params, name: moved}, X, y)[0] for moved in (up, down)]
            want[index] = (sides[0] - sides[1]) / 2e-5
        expect.close(grads[name], want, rtol=1e-4, atol=1e-6)


@loss_and_grads
@pytest.mark.points(0.5)
def test_steps_tensorflow(student, baseline):
    """Leads, step by step on the same batches, where TensorFlow's gradient descent leads.

    es: Lleva, paso a paso y con los mismos lotes, adonde lleva el descenso de gradiente de TensorFlow.
    """
    recorded = baseline("batches")
    params, size = {"W": recorded.W, "b": recorded.b}, int(recorded.batch_size)
    for step, wanted in enumerate(recorded.losses):
        batch = recorded.order[step * size : (step + 1) * size]
        loss, grads = measured(student.loss_and_grads(params, recorded.X[batch], recorded.y[batch]))
        expect.close(loss, wanted, rtol=1e-4, atol=1e-5)
        for name in NAMES:
            expect.shape(grads[name], params[name].shape)
        params = {name: params[name] - float(recorded.learning_rate) * grads[name] for name in NAMES}
        after = {"W": recorded.W_after[step], "b": recorded.b_after[step]}
        all_close(params, after, rtol=1e-4, atol=1e-5)


@loss_and_grads
@pytest.mark.points(0.5)
def test_loss_of_confident_mistakes(student, reference, rng):
    """Stays finite and exact where the right class is given a probability too small to be stored.

    es: Sigue finita y exacta donde la clase correcta recibe una probabilidad demasiado pequeña para guardarse.
    """
    X = np.array([[1_000.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    params = {"W": np.array([[3.0, -2.0, 0.0], [1.0, 0.0, 2.0]]), "b": rng.integers(-3, 4, size=3) / 8}
    for y in (np.array([1, 0, 2]), np.array([2, 1, 0])):
        loss, grads = measured(student.loss_and_grads(params, X, y))
        wanted, gradients = reference.loss_and_grads(params, X, y)
        expect.close(loss, wanted)
        all_close(grads, gradients)


@loss_and_grads
@pytest.mark.points(0.5)
def test_loss_kinds_of_input(student, reference, rng):
    """Accepts a batch of one example, lists, and whole numbers of any width as labels and inputs.

    es: Acepta un lote de un solo ejemplo, listas, y enteros de cualquier ancho como etiquetas y como entradas.
    """
    params = layer(rng, 4, 3)
    whole, labels = rng.integers(-2, 3, size=(5, 4)), rng.integers(3, size=5)
    small = labels.astype(np.uint8)
    for X, y in (
        (whole, small),
        (whole[:1], labels[:1]),
        (whole.tolist(), labels.tolist()),
        (rng.random((5, 4)), small),
    ):
        loss, grads = measured(student.loss_and_grads(params, X, y))
        wanted, gradients = reference.loss_and_grads(params, X, y)
        by_one_of(
            lambda want, loss=loss, grads=grads: (expect.close(loss, want[0]), all_close(grads, want[1])),
            lambda wanted=wanted, gradients=gradients: (wanted, gradients),
            lambda X=X, y=y: from_probabilities(student, params, X, y),
        )


@loss_and_grads
@pytest.mark.points(0.5)
def test_loss_unchanged(student, rng):
    """Leaves parameters, inputs and labels as they were.

    es: Deja como estaban los parámetros, las entradas y las etiquetas.
    """
    params, (X, y) = layer(rng, 4, 3), examples(rng, 5, 4, 3)
    got, after = student.loss_and_grads.with_arguments(params, X, y)
    measured(got)
    expect.unchanged((params, X, y), after)


@minibatches
@pytest.mark.points(1)
def test_every_example_once(student, rng):
    """Deals every example into exactly one batch.

    es: Reparte cada ejemplo en exactamente un lote.
    """
    for n, size in ((24, 6), (23, 5), (4, 10)):
        batches = dealt(student.minibatches(n, size, int(rng.integers(1000))))
        expect.true(
            sum(map(len, batches)) == n and np.array_equal(np.sort(np.concatenate(batches)), np.arange(n)),
            "Some examples are missing from the epoch, or appear twice.",
            es="En la época faltan ejemplos, o los hay repetidos.",
        )


@minibatches
@pytest.mark.points(0.5)
def test_batch_sizes(student, rng):
    """Makes all batches of batch_size but the last, which holds the rest; no batch is empty.

    es: Hace todos los lotes de batch_size menos el último, que contiene el resto; ningún lote está vacío.
    """
    for n, size, wanted in ((23, 5, [5, 5, 5, 5, 3]), (12, 4, [4, 4, 4]), (3, 8, [3]), (2, 1, [1, 1])):
        lengths = [len(batch) for batch in dealt(student.minibatches(n, size, int(rng.integers(1000))))]
        expect.true(
            lengths == wanted,
            "The batches have other sizes than asked for.",
            es="Los lotes tienen otros tamaños que los pedidos.",
        )


@minibatches
@pytest.mark.points(0.5)
def test_shuffled(student, rng):
    """Shuffles the examples, within batches and between them.

    es: Baraja los ejemplos, dentro de los lotes y entre ellos.
    """
    batches = dealt(student.minibatches(200, 20, int(rng.integers(1000))))
    joined = np.concatenate([*batches, np.zeros(0, dtype=int)])
    expect.true(
        joined.size > 0
        and bool(np.mean(np.diff(joined) == 1) < 0.1)
        and any(np.ptp(batch) > 60 for batch in batches if batch.size),
        "The examples come in their original order, or nearly so.",
        es="Los ejemplos vienen en su orden original, o casi.",
    )


@minibatches
@pytest.mark.points(0.5)
def test_seeds(student, rng):
    """Gives the same batches for the same seed, and others for another seed.

    es: Da los mismos lotes con la misma semilla, y otros con otra semilla.
    """
    seed = int(rng.integers(1000))
    first, again, other = (
        np.concatenate([*dealt(student.minibatches(60, 10, number)), np.zeros(0, dtype=int)])
        for number in (seed, seed, seed + 1)
    )
    expect.true(
        np.array_equal(first, again) and first.size > 0,
        "The same seed gives another order.",
        es="La misma semilla da otro orden.",
    )
    expect.true(
        not np.array_equal(first, other),
        "Another seed gives the same order.",
        es="Otra semilla da el mismo orden.",
    )


@train
@pytest.mark.points(1)
def test_trajectory(student, reference, rng):
    """Arrives at the right parameters over one and three epochs. (Uses your other functions, right or wrong.)

    es: Llega a los parámetros correctos en una y en tres épocas. (Usa tus otras funciones, estén bien o mal.)
    """
    params, (X, y) = layer(rng, 5, 4), examples(rng, 14, 5, 4)
    for epochs in (1, 3):
        run = (X, y, 0.3, epochs, 4, int(rng.integers(1000)))
        got, _ = trained(student.train(params, *run))
        by_one_of(
            lambda want, got=got: all_close(got, want[0], rtol=1e-4, atol=1e-5),
            *ways_to_train(student, reference, params, run),
        )


@train
@pytest.mark.points(0.5)
def test_losses(student, reference, rng):
    """Lists one loss per epoch, the mean over its examples. (Uses your other functions, right or wrong.)

    es: Da un error por época, el promedio sobre sus ejemplos. (Usa tus otras funciones, estén bien o mal.)
    """
    params, (X, y) = layer(rng, 5, 4), examples(rng, 11, 5, 4)
    run = (X, y, 0.2, 4, 4, int(rng.integers(1000)))
    _, losses = trained(student.train(params, *run))
    ways = ways_to_train(student, reference, params, run)

    def compare(want):
        _, totals, seen = want
        by_one_of(
            lambda mean: expect.close(losses, mean, rtol=1e-4, atol=1e-5),
            lambda: totals / len(X),
            lambda: totals / max(seen, 1),  # where the student's batches leave some examples out
        )

    by_one_of(compare, *ways)


@train
@pytest.mark.points(0.5)
def test_trajectory_tensorflow(student, reference, baseline):
    """Ends, with all examples in one batch, where Keras ends. (Uses your other functions, right or wrong.)

    es: Termina, con todos los ejemplos en un lote, donde termina Keras. (Usa tus otras funciones, estén bien o mal.)
    """
    recorded = baseline("full_batch")
    start = {"W": recorded.W, "b": recorded.b}
    epochs, size = len(recorded.losses), len(recorded.X)
    run = (recorded.X, recorded.y, float(recorded.learning_rate), epochs, size, 1)
    got, _ = trained(student.train(start, *run))
    by_one_of(
        lambda want: all_close(got, want[0], rtol=1e-4, atol=1e-5),
        lambda: ({"W": recorded.W_after, "b": recorded.b_after},),
        *ways_to_train(student, reference, start, run)[1:],
    )


@train
@pytest.mark.points(0.5)
def test_train_unchanged(student, rng):
    """Leaves the starting parameters, the inputs and the labels as they were.

    es: Deja como estaban los parámetros iniciales, las entradas y las etiquetas.
    """
    params, (X, y) = layer(rng, 4, 3), examples(rng, 8, 4, 3)
    got, after = student.train.with_arguments(params, X, y, 0.2, 2, 4, 5)
    trained(got)
    expect.unchanged((params, X, y, 0.2, 2, 4, 5), after)


@train
@pytest.mark.points(1)
def test_held_out_accuracy(student, reference, baseline):
    """Learns digits: on images never seen at most 5 points less accurate than Keras. (Here your functions must work.)

    es: Aprende dígitos: en imágenes nunca vistas, a lo sumo 5 puntos menos de exactitud que Keras. (Aquí tus otras
    funciones deben andar.)
    """
    recorded = baseline("held_out_accuracy")
    (X, y), held_out = digits_to_learn(int(recorded.seed), int(recorded.to_train), int(recorded.held_out))
    start = {"W": np.zeros((784, 10)), "b": np.zeros(10)}
    run = (float(recorded.learning_rate), int(recorded.epochs), int(recorded.batch_size), 1)
    params, _ = trained(student.train(start, X, y, *run))
    for name in NAMES:
        expect.shape(params[name], start[name].shape)
        expect.finite(params[name])
    accuracy = reference.evaluate(params, *held_out)[1]
    expect.true(
        accuracy >= float(recorded.accuracy) - MARGIN,
        "After training, too many images that were not trained on are read wrongly.",
        es="Tras el entrenamiento se leen mal demasiadas imágenes con las que no se entrenó.",
    )


@evaluate
@pytest.mark.points(1)
def test_measures(student, reference, rng, baseline):
    """Gives the mean loss and the share of right predictions. (Uses your other functions, right or wrong.)

    es: Da el error promedio y la fracción de predicciones correctas. (Usa tus otras funciones, estén bien o mal.)
    """
    recorded = baseline("probabilities")
    keras = {"W": recorded.W, "b": recorded.b}, recorded.X, recorded.y, (recorded.loss, recorded.accuracy)
    drawn = []
    for n, d, c in ((16, 5, 3), (4, 3, 4), (1, 2, 3)):
        params, (X, y) = layer(rng, d, c), examples(rng, n, d, c)
        y[: n // 2] = reference.predict_proba(params, X[: n // 2]).argmax(axis=1)  # some right, some by chance
        drawn.append((params, X, y, reference.evaluate(params, X, y)))
    for params, X, y, wanted in (*drawn, keras):
        got = tuple(map(expect.scalar, evaluated(student.evaluate(params, X, y))))
        by_one_of(
            lambda want, got=got: expect.close(got[0], want),
            lambda wanted=wanted: wanted[0],
            lambda case=(params, X, y): measured(student.loss_and_grads(*case))[0],
            lambda case=(params, X, y): from_probabilities(student, *case)[0],
        )
        by_one_of(
            lambda want, got=got: expect.close(got[1], want),
            lambda wanted=wanted: wanted[1],
            lambda case=(params, X, y): share_of_hits(student, *case),
        )


@evaluate
@pytest.mark.points(0.5)
def test_measuring_changes_nothing(student, rng):
    """Only looks: parameters, images and labels stay as they were, and asking twice gives the same answer.

    es: Solo mira: parámetros, imágenes y etiquetas quedan como estaban, y preguntar dos veces da lo mismo.
    """
    params, (X, y) = layer(rng, 4, 3), examples(rng, 8, 4, 3)
    first, after = student.evaluate.with_arguments(params, X, y)
    expect.unchanged((params, X, y), after)
    for one, two in zip(evaluated(first), evaluated(student.evaluate(params, X, y)), strict=True):
        expect.close(two, expect.scalar(one))


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Explains the weights of a pixel that is always 0, and why choosing on held-out images flatters the figure.

    One point: row k of X^T delta is the sum of x_k times delta; x_k = 0 in every example makes it 0 in every step, so
    the ten weights stay at their start, 0. One point: picking the best of twenty on these images fits them too, if
    only by one number, and part of the winner's lead is luck; choose on a third set (validation) split off from the
    training images, and use the held-out images once, at the end.

    es: Explica los pesos de un píxel que siempre vale 0, y por qué elegir con las imágenes reservadas infla la cifra.

    Un punto: la fila k de X^T delta es la suma de x_k por delta; x_k = 0 en todos los ejemplos la anula en cada paso,
    y los diez pesos se quedan en su comienzo, 0. Un punto: elegir la mejor de veinte con esas imágenes también es
    ajustarse a ellas, aunque sea con un solo número, y parte de la ventaja de la ganadora es suerte; se elige con un
    tercer conjunto (validación) separado de las imágenes de entrenamiento, y las reservadas se usan una vez, al final.
    """
