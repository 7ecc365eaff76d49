"""Hidden grader of the assignment `two-layer-backprop`: 18 points for seven functions, 2 for the written question.

A function is judged on inputs that the grader supplies: `backward` gets the z, a, o of the reference. Only
`numerical_gradient` and `train` call functions of the student's own, which cannot be supplied from outside. They are
right if they agree with the reference, or with what the student's own functions give when the grader calls them one
after the other in the right order; so a mistake in `forward`, `loss`, `backward` or `sgd_step` costs points once.
`train` gets networks whose W2 is square, so that a W2 that is not transposed does not even stop it.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.errors import StudentFailure
from autograder.grading import expect

init_params = pytest.mark.question("init_params")
forward = pytest.mark.question("forward")
loss = pytest.mark.question("loss")
backward = pytest.mark.question("backward")
numerical_gradient = pytest.mark.question("numerical_gradient")
sgd_step = pytest.mark.question("sgd_step")
train = pytest.mark.question("train")
explain = pytest.mark.question("explain")

NAMES = ("W1", "b1", "W2", "b2")


def network(rng, d_in, d_hidden, d_out):
    """Draw parameters, none of them 0."""
    shapes = {"W1": (d_in, d_hidden), "b1": (d_hidden,), "W2": (d_hidden, d_out), "b2": (d_out,)}
    return {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}


def examples(rng, n, d_in, d_out):
    """Draw inputs and targets."""
    return rng.normal(size=(n, d_in)), rng.normal(size=(n, d_out))


def by_name(got):
    """Expect a dict with an entry for each parameter."""
    expect.true(
        type(got) is dict and all(name in got for name in NAMES),
        "The result must be a dict with the keys W1, b1, W2, b2.",
        es="El resultado debe ser un diccionario con las claves W1, b1, W2, b2.",
    )
    return got


def three(got):
    """Expect three things: z, a, o."""
    expect.true(
        type(got) in (tuple, list) and len(got) == 3,
        "forward must return three arrays: z, a, o.",
        es="forward debe devolver tres arreglos: z, a, o.",
    )
    return got


def trained(got):
    """Expect the pair of parameters and losses."""
    expect.true(
        type(got) in (tuple, list) and len(got) == 2,
        "train must return two things: the parameters and the list of losses.",
        es="train debe devolver dos cosas: los parámetros y la lista de errores.",
    )
    return by_name(got[0]), got[1]


def all_close(got, want, names=NAMES, **tolerances):
    """Expect the entries of two dicts to agree."""
    by_name(got)
    for name in names:
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


def central_differences(loss_of, params, h):
    """Differences of a loss around each parameter: the definition, for any function of the parameters."""
    gradients = {}
    for name in NAMES:
        gradients[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = (params[name].copy() for _ in range(2))
            up[index] += h
            down[index] -= h
            gradients[name][index] = (loss_of({**params, name: up}) - loss_of({**params, name: down})) / (2 * h)
    return gradients


def differences(functions, params, X, Y, h):
    """Central differences of the loss as `functions`, the reference's or the student's, compute it."""

    def loss_of(moved):
        return expect.scalar(functions.loss(three(functions.forward(moved, X))[2], Y))

    return central_differences(loss_of, params, h)


def steps(functions, params, X, Y, learning_rate, epochs):
    """Train with `functions`, the reference's or the student's, called one after the other."""
    losses = []
    for _ in range(epochs):
        z, a, o = three(functions.forward(params, X))
        losses.append(expect.scalar(functions.loss(o, Y)))
        params = by_name(functions.sgd_step(params, functions.backward(params, X, Y, z, a, o), learning_rate))
    return params, losses


@init_params
@pytest.mark.points(0.5)
def test_init_shapes(student, rng):
    """Gives four arrays of floats in the right shapes.

    es: Da cuatro arreglos de flotantes con las formas correctas.
    """
    for d_in, d_hidden, d_out in ((3, 5, 2), (1, 4, 1)):
        params = by_name(student.init_params(d_in, d_hidden, d_out, int(rng.integers(1000))))
        shapes = {"W1": (d_in, d_hidden), "b1": (d_hidden,), "W2": (d_hidden, d_out), "b2": (d_out,)}
        for name, shape in shapes.items():
            expect.array(params[name], shape=shape)


@init_params
@pytest.mark.points(0.5)
def test_init_symmetry(student, rng):
    """Starts biases at 0 and weights at numbers that all differ, in both layers.

    es: Empieza con sesgos en 0 y con pesos todos distintos, en las dos capas.
    """
    params = by_name(student.init_params(6, 6, 6, int(rng.integers(1000))))
    for name in ("b1", "b2"):
        expect.close(params[name], np.zeros(6))
    weights = np.concatenate([expect.array(params[name], shape=(6, 6)).ravel() for name in ("W1", "W2")])
    expect.true(
        len(np.unique(weights)) == weights.size,
        "Some weights start equal to others, so that units cannot become different.",
        es="Hay pesos que empiezan iguales a otros, y esas unidades no pueden volverse distintas.",
    )


@init_params
@pytest.mark.points(0.5)
def test_init_spread(student, rng):
    """Spreads the weights of each layer around 0 with standard deviation 1 / sqrt(its inputs).

    es: Reparte los pesos de cada capa alrededor de 0 con desviación estándar 1 / sqrt(sus entradas).
    """
    params = by_name(student.init_params(64, 400, 60, int(rng.integers(1000))))
    for name, shape, spread in (("W1", (64, 400), 1 / 8), ("W2", (400, 60), 1 / 20)):
        weights = expect.array(params[name], shape=shape)
        expect.finite(weights)
        expect.true(
            bool(abs(np.mean(weights)) < 0.05 * spread),
            "The weights of a layer are not spread evenly around 0.",
            es="Los pesos de una capa no se reparten por igual alrededor de 0.",
        )
        expect.true(
            bool(abs(np.std(weights) / spread - 1) < 0.05),
            "The standard deviation of a layer's weights is not 1 / sqrt(its inputs).",
            es="La desviación estándar de los pesos de una capa no es 1 / sqrt(sus entradas).",
        )


@init_params
@pytest.mark.points(0.5)
def test_init_seed(student, rng):
    """Gives the same parameters for the same seed, and others for another seed.

    es: Da los mismos parámetros con la misma semilla, y otros con otra semilla.
    """
    seed = int(rng.integers(1000))
    first, again, other = (by_name(student.init_params(4, 5, 3, number)) for number in (seed, seed, seed + 1))
    for name in ("W1", "W2"):
        weights = expect.array(first[name])
        expect.close(again[name], weights)
        expect.shape(other[name], weights.shape)
        expect.true(
            not np.any(np.isclose(other[name], weights, rtol=1e-9, atol=0)),
            "Another seed gives the same numbers.",
            es="Otra semilla da los mismos números.",
        )


@forward
@pytest.mark.points(1)
def test_hidden_layer(student, reference, rng):
    """Computes z with its bias and a, the tanh of z, for each example.

    es: Calcula z con su sesgo y a, la tanh de z, para cada ejemplo.
    """
    params, (X, _) = network(rng, 3, 4, 2), examples(rng, 6, 3, 2)
    for got, want in list(zip(three(student.forward(params, X)), reference.forward(params, X), strict=True))[:2]:
        expect.close(got, want)


@forward
@pytest.mark.points(1)
def test_output(student, reference, rng):
    """Computes the predictions o from the hidden layer, with their bias and no activation.

    es: Calcula las predicciones o a partir de la capa oculta, con su sesgo y sin activación.
    """
    for sizes in ((3, 4, 2), (3, 3, 3)):
        params, (X, _) = network(rng, *sizes), examples(rng, 5, 3, 2)
        expect.close(three(student.forward(params, X))[2], reference.forward(params, X)[2])


@forward
@pytest.mark.points(0.5)
def test_forward_kinds_of_input(student, reference, rng):
    """Accepts a batch of one example, lists of rows, whole numbers and 32-bit floats.

    es: Acepta un lote de un solo ejemplo, listas de filas, números enteros y flotantes de 32 bits.
    """
    params = network(rng, 4, 3, 1)
    whole = rng.integers(-2, 3, size=(5, 4))
    for X in (whole[:1], whole.tolist(), rng.normal(size=(1, 4)).tolist(), rng.normal(size=(3, 4)).astype(np.float32)):
        for got, want in zip(three(student.forward(params, X)), reference.forward(params, X), strict=True):
            expect.floating(got)
            expect.close(got, want)


@forward
@pytest.mark.points(0.5)
def test_forward_unchanged(student, rng):
    """Leaves the parameters and the inputs as they were.

    es: Deja como estaban los parámetros y las entradas.
    """
    params, (X, _) = network(rng, 3, 4, 2), examples(rng, 5, 3, 2)
    result, after = student.forward.with_arguments(params, X)
    three(result)
    expect.unchanged((params, X), after)


@loss
@pytest.mark.points(1)
def test_loss(student, reference, rng):
    """Gives half the squared error, summed over the outputs and averaged over the examples, as one number.

    es: Da la mitad del error cuadrático, sumada sobre las salidas y promediada sobre los ejemplos, como un número.
    """
    for shape in ((6, 3), (4, 1), (1, 2)):
        o, Y = rng.normal(size=shape), rng.normal(size=shape)
        got = student.loss(o, Y)
        expect.scalar(got)
        expect.close(got, reference.loss(o, Y))


@loss
@pytest.mark.points(0.5)
def test_loss_kinds_of_input(student, reference, rng):
    """Accepts lists and whole numbers, and leaves its arguments as they were.

    es: Acepta listas y números enteros, y deja como estaban sus argumentos.
    """
    o, Y = rng.integers(256, size=(2, 5, 3)).astype(np.uint8)  # whose differences and squares do not fit in a byte
    for arguments in ((o, Y), (o.tolist(), Y.tolist()), (rng.normal(size=(5, 3)), Y)):
        got, after = student.loss.with_arguments(*arguments)
        expect.scalar(got)
        expect.close(got, reference.loss(*arguments))
        expect.unchanged(arguments, after)


@backward
@pytest.mark.points(1)
def test_gradient_of_second_layer(student, reference, rng):
    """Gives the gradients by W2 and b2, averaged over the examples. (z, a, o are supplied by the grader.)

    es: Da los gradientes respecto a W2 y b2, promediados sobre los ejemplos. (z, a, o los da quien califica.)
    """
    params, (X, Y) = network(rng, 3, 4, 4), examples(rng, 6, 3, 4)
    arguments = (params, X, Y, *reference.forward(params, X))
    all_close(student.backward(*arguments), reference.backward(*arguments), ("W2", "b2"))


@backward
@pytest.mark.points(1)
def test_gradient_of_first_layer(student, reference, rng):
    """Gives the gradients by W1 and b1, with the blame sent back through W2 and the slope of tanh. (z, a, o supplied.)

    es: Da los gradientes respecto a W1 y b1, con la culpa devuelta por W2 y la pendiente de tanh. (z, a, o dados.)
    """
    params, (X, Y) = network(rng, 3, 4, 2), examples(rng, 6, 3, 2)
    arguments = (params, X, Y, *reference.forward(params, X))
    all_close(student.backward(*arguments), reference.backward(*arguments), ("W1", "b1"))


@backward
@pytest.mark.points(1)
def test_gradient_numerically(student, reference, rng):
    """Agrees with central differences of the loss, also where all layers are equally wide.

    es: Coincide con las diferencias centrales del error, también donde todas las capas tienen el mismo ancho.
    """
    for sizes in ((3, 3, 3), (2, 4, 1)):
        params, (X, Y) = network(rng, *sizes), examples(rng, 5, sizes[0], sizes[2])
        got = student.backward(params, X, Y, *reference.forward(params, X))
        all_close(got, differences(reference, params, X, Y, 1e-5), rtol=1e-4, atol=1e-6)


@backward
@pytest.mark.points(0.5)
def test_gradient_tensorflow(student, reference, baseline):
    """Agrees with TensorFlow's automatic derivative.

    es: Coincide con la derivada automática de TensorFlow.
    """
    recorded = baseline("one_pass")
    params = {name: getattr(recorded, name) for name in NAMES}
    got = student.backward(params, recorded.X, recorded.Y, *reference.forward(params, recorded.X))
    all_close(got, {name: getattr(recorded, f"d{name}") for name in NAMES})


@backward
@pytest.mark.points(0.5)
def test_gradient_shapes(student, reference, rng):
    """Gives each gradient the shape of its parameter: a batch of one example, a single unit, a single output.

    es: Da a cada gradiente la forma de su parámetro: un lote de un solo ejemplo, una sola unidad, una sola salida.
    """
    for n, *sizes in ((1, 3, 4, 2), (1, 2, 1, 1), (4, 1, 3, 1)):
        params, (X, Y) = network(rng, *sizes), examples(rng, n, sizes[0], sizes[2])
        arguments = (params, X, Y, *reference.forward(params, X))
        all_close(student.backward(*arguments), reference.backward(*arguments))


@backward
@pytest.mark.points(0.5)
def test_gradient_kinds_of_input(student, reference, rng):
    """Accepts inputs and targets as lists, whole numbers and 32-bit floats.

    es: Acepta entradas y objetivos como listas, números enteros y flotantes de 32 bits.
    """
    params = network(rng, 3, 4, 2)
    whole = rng.integers(-2, 3, size=(5, 3)), rng.integers(0, 2, size=(5, 2)).astype(np.uint8)
    single = tuple(array.astype(np.float32) for array in examples(rng, 5, 3, 2))
    for X, Y in (whole, (whole[0].tolist(), whole[1].tolist()), single):
        arguments = (params, X, Y, *reference.forward(params, X))
        all_close(student.backward(*arguments), reference.backward(*arguments))


@backward
@pytest.mark.points(0.5)
def test_gradient_unchanged(student, reference, rng):
    """Leaves all its arguments as they were.

    es: Deja como estaban todos sus argumentos.
    """
    params, (X, Y) = network(rng, 3, 4, 2), examples(rng, 5, 3, 2)
    arguments = (params, X, Y, *reference.forward(params, X))
    got, after = student.backward.with_arguments(*arguments)
    by_name(got)
    expect.unchanged(arguments, after)


@numerical_gradient
@pytest.mark.points(1)
def test_numerical_gradient(student, reference, rng):
    """Gives the central differences of the loss by each parameter. (Uses your forward and loss, right or wrong.)

    es: Da las diferencias centrales del error respecto a cada parámetro. (Usa tus forward y loss, estén bien o mal.)
    """
    params, (X, Y) = network(rng, 2, 3, 2), examples(rng, 4, 2, 2)
    got = student.numerical_gradient(params, X, Y, 0.125)
    by_one_of(
        lambda want: all_close(got, want, rtol=1e-4, atol=2e-5),
        lambda: differences(reference, params, X, Y, 0.125),
        lambda: differences(student, params, X, Y, 0.125),
    )


@numerical_gradient
@pytest.mark.points(0.5)
def test_numerical_gradient_step(student, reference, rng):
    """Moves the parameters by just the step h that it is given. (Uses your forward and loss, right or wrong.)

    es: Mueve los parámetros justo el paso h que recibe. (Usa tus forward y loss, estén bien o mal.)
    """
    params, (X, Y) = network(rng, 1, 2, 1), examples(rng, 3, 1, 1)
    for h in (0.5, 0.25):
        got = student.numerical_gradient(params, X, Y, h)
        by_one_of(
            lambda want, got=got: all_close(got, want, rtol=1e-4, atol=2e-5),
            lambda h=h: differences(reference, params, X, Y, h),
            lambda h=h: differences(student, params, X, Y, h),
        )


@numerical_gradient
@pytest.mark.points(0.5)
def test_numerical_gradient_unchanged(student, rng):
    """Leaves the parameters as they were.

    es: Deja como estaban los parámetros.
    """
    params, (X, Y) = network(rng, 2, 2, 1), examples(rng, 3, 2, 1)
    got, after = student.numerical_gradient.with_arguments(params, X, Y, 0.125)
    by_name(got)
    expect.unchanged((params, X, Y, 0.125), after)


@sgd_step
@pytest.mark.points(1)
def test_step(student, reference, rng):
    """Moves every parameter against its gradient, by the learning rate.

    es: Mueve cada parámetro en contra de su gradiente, según la tasa de aprendizaje.
    """
    for rate in (0.1, 1.5):
        params, grads = network(rng, 3, 4, 2), network(rng, 3, 4, 2)
        all_close(student.sgd_step(params, grads, rate), reference.sgd_step(params, grads, rate))


@sgd_step
@pytest.mark.points(0.5)
def test_step_unchanged(student, rng):
    """Returns new parameters and leaves the old ones and the gradients as they were.

    es: Devuelve parámetros nuevos y deja como estaban los anteriores y los gradientes.
    """
    params, grads = network(rng, 2, 3, 2), network(rng, 2, 3, 2)
    got, after = student.sgd_step.with_arguments(params, grads, 0.3)
    by_name(got)
    expect.unchanged((params, grads, 0.3), after)


@train
@pytest.mark.points(1)
def test_trajectory(student, reference, rng):
    """Arrives at the right parameters after one, two and five steps. (Uses your other functions, right or wrong.)

    es: Llega a los parámetros correctos tras uno, dos y cinco pasos. (Usa tus otras funciones, estén bien o mal.)
    """
    params, (X, Y) = network(rng, 3, 2, 2), examples(rng, 6, 3, 2)
    for epochs in (1, 2, 5):
        got, _ = trained(student.train(params, X, Y, 0.3, epochs))
        by_one_of(
            lambda want, got=got: all_close(got, want[0], rtol=1e-4, atol=1e-5),
            lambda epochs=epochs: steps(reference, params, X, Y, 0.3, epochs),
            lambda epochs=epochs: steps(student, params, X, Y, 0.3, epochs),
        )


@train
@pytest.mark.points(0.5)
def test_losses(student, reference, rng):
    """Lists the loss before each step, one per epoch. (Uses your other functions, right or wrong.)

    es: Da la lista de los errores antes de cada paso, uno por época. (Usa tus otras funciones, estén bien o mal.)
    """
    params, (X, Y) = network(rng, 2, 3, 3), examples(rng, 5, 2, 3)
    _, got = trained(student.train(params, X, Y, 0.2, 6))
    by_one_of(
        lambda want: expect.close(got, want[1], rtol=1e-4, atol=1e-5),
        lambda: steps(reference, params, X, Y, 0.2, 6),
        lambda: steps(student, params, X, Y, 0.2, 6),
    )


@train
@pytest.mark.points(0.5)
def test_trajectory_tensorflow(student, baseline):
    """Ends, from the same start, where TensorFlow ends. (Uses your other functions, right or wrong.)

    es: Termina, desde el mismo comienzo, donde termina TensorFlow. (Usa tus otras funciones, estén bien o mal.)
    """
    recorded = baseline("trajectory")
    start = {name: getattr(recorded, name) for name in NAMES}
    run = (start, recorded.X, recorded.Y, float(recorded.learning_rate), len(recorded.losses))
    got, losses = trained(student.train(*run))

    def compare(want):
        all_close(got, want[0], rtol=1e-4, atol=1e-5)
        expect.close(losses, want[1], rtol=1e-4, atol=1e-5)

    after = {name: getattr(recorded, f"{name}_after") for name in NAMES}
    by_one_of(compare, lambda: (after, recorded.losses), lambda: steps(student, *run))


@train
@pytest.mark.points(0.5)
def test_train_unchanged(student, rng):
    """Leaves the starting parameters and the examples as they were.

    es: Deja como estaban los parámetros iniciales y los ejemplos.
    """
    params, (X, Y) = network(rng, 2, 3, 3), examples(rng, 5, 2, 3)
    got, after = student.train.with_arguments(params, X, Y, 0.2, 3)
    trained(got)
    expect.unchanged((params, X, Y, 0.2, 3), after)


@train
@pytest.mark.points(0.5)
def test_xor(student, reference, rng):
    """Learns XOR, which no single layer can: all four answers within 0.1. (Here your other functions must work.)

    es: Aprende XOR, que ninguna capa única puede: las cuatro respuestas a menos de 0.1. (Aquí tus otras funciones
    deben andar.)
    """
    X = rng.permutation(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
    Y = (X[:, :1] != X[:, 1:]).astype(float)
    start = reference.init_params(2, 4, 1, int(rng.integers(1000)))
    params = start
    for _ in range(10):  # a long list of NumPy's own floats would not fit through to here at once
        params, _ = trained(student.train(params, X, Y, 0.5, 150))
        for name in NAMES:
            expect.shape(params[name], start[name].shape)
    expect.true(
        bool(np.max(np.abs(reference.forward(params, X)[2] - Y)) < 0.1),
        "After 1500 epochs the network does not answer XOR.",
        es="Tras 1500 épocas la red no responde XOR.",
    )


@explain
@pytest.mark.manual
@pytest.mark.points(2)
def test_explain():
    """Explains why a network whose parameters all start at 0 does not learn XOR.

    One point: a = tanh(0) = 0 makes the gradient by W2 zero, and W2 = 0 makes delta1 zero, hence the gradients by W1
    and b1; this holds again after every step, so that only b2 moves. One point: o = b2 is one and the same answer for
    all four examples; the best is the mean of the targets, 0.5, and once b2 is there all gradients are 0.

    es: Explica por qué una red cuyos parámetros empiezan todos en 0 no aprende XOR.

    Un punto: a = tanh(0) = 0 anula el gradiente de W2, y W2 = 0 anula delta1, y con él los gradientes de W1 y b1; lo
    mismo vale después de cada paso, así que solo se mueve b2. Un punto: o = b2 es una misma respuesta para los cuatro
    ejemplos; la mejor es el promedio de los objetivos, 0.5, y cuando b2 llega ahí todos los gradientes son 0.
    """
