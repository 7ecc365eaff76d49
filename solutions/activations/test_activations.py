"""Hidden grader of `activations`: sixteen functions for 18 points, and 2 for the written question.

Inputs keep away from 0, except where 0 is the point: there a derivative may be any slope between those on both sides.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

question = pytest.mark.question
points = pytest.mark.points


def away(rng, *shape):
    """Draw inputs of either sign, none of them closer to 0 than 0.2."""
    return rng.uniform(0.2, 3.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def tails(rng):
    """Draw large inputs of either sign, exact in 32 bits too, and some ordinary ones."""
    far = rng.integers(800 * 8, 10_000 * 8, size=4) / 8
    return np.concatenate([far, -far, away(rng, 4)])


def kinds(rng):
    """Draw inputs of every kind: a number, lists, integers, 32-bit floats, arrays of several shapes."""
    whole = rng.choice([-3, -2, -1, 1, 2, 3], size=(2, 3))
    yield float(away(rng))
    yield away(rng, 4).tolist()
    yield whole.tolist()
    yield whole
    yield rng.integers(1, 6, size=5).astype(np.uint8)
    yield away(rng, 5).astype(np.float32)
    yield away(rng, 2, 3, 2)
    yield away(rng, 1, 1)


def expect_all_kinds(function, right, rng, *parameters):
    """Expect right floats for every kind of input, and the input as it was."""
    for z in kinds(rng):
        got, (after, *_) = function.with_arguments(z, *parameters)
        expect.floating(got)
        expect.close(got, right(z, *parameters))
        expect.unchanged(z, after)


def slopes(function, z, h=1e-6):
    """Measure the slope of a function of each entry by central differences."""
    return (function(z + h) - function(z - h)) / (2 * h)


def expect_slopes(got, z, right, low, high):
    """Expect the right slopes, and at 0 any from low to high."""
    expect.shape(got, z.shape)
    seen = np.asarray(got, dtype=float)
    expect.close(seen[z != 0], right[z != 0])
    at_kink = seen[z == 0]
    expect.true(
        bool(np.all((at_kink >= low - 1e-6) & (at_kink <= high + 1e-6))),
        "At 0 the slope does not lie between the slopes on both sides.",
        es="En 0, la pendiente no está entre las pendientes de ambos lados.",
    )


def for_each(criterion, **parameters):
    """Ask a criterion of several functions: name of the function -> what it takes beside z."""
    sets = [
        pytest.param(name, more, id=f"test_{name}_{criterion}", marks=question(name))
        for name, more in parameters.items()
    ]
    return pytest.mark.parametrize(("name", "parameters"), sets)


@question("step")
@points(0.5)
def test_step(student, rng):
    """Gives 1 from 0 on, 0 included, and 0 below.

    es: Da 1 desde el 0, incluido, y 0 por debajo.
    """
    z = np.append(away(rng, 6), 0.0)
    expect.close(student.step(z), (z >= 0).astype(float))


@question("sign")
@points(0.5)
def test_sign(student, rng):
    """Gives -1 below 0 and 1 above; at 0 either 0 or 1.

    es: Da -1 por debajo de 0 y 1 por encima; en 0, o 0 o 1.
    """
    z = np.append(away(rng, 6), 0.0)
    got = student.sign(z)
    expect.shape(got, z.shape)
    seen = np.asarray(got, dtype=float)
    expect.close(seen[:-1], np.where(z[:-1] > 0, 1.0, -1.0))
    expect.true(bool(seen[-1] in (0.0, 1.0)), "sign(0) is neither 0 nor 1.", es="sign(0) no es ni 0 ni 1.")


@question("sigmoid")
@points(0.5)
def test_sigmoid(student, reference, rng):
    """Gives the right values, in the shape of its input.

    es: Da los valores correctos, con la forma de su entrada.
    """
    for z in (rng.normal(scale=2.0, size=7), rng.normal(scale=2.0, size=(3, 4))):
        expect.close(student.sigmoid(z), reference.sigmoid(z))


@question("d_sigmoid")
@points(0.5)
def test_d_sigmoid(student, reference, rng):
    """Agrees with the slope of the sigmoid, measured by moving each input a little.

    es: Coincide con la pendiente de la sigmoide, medida moviendo un poco cada entrada.
    """
    z = rng.normal(scale=2.0, size=(3, 4))
    expect.close(student.d_sigmoid(z), slopes(reference.sigmoid, z))


@question("tanh")
@points(0.5)
def test_tanh(student, reference, rng):
    """Gives the right values, also in both tails.

    es: Da los valores correctos, también en ambas colas.
    """
    for z in (rng.normal(size=(3, 4)), tails(rng)):
        expect.close(student.tanh(z), reference.tanh(z))


@question("d_tanh")
@points(0.5)
def test_d_tanh(student, reference, rng):
    """Agrees with the slope of tanh, measured by moving each input a little, and is 0 in both tails.

    es: Coincide con la pendiente de tanh, medida moviendo un poco cada entrada, y es 0 en ambas colas.
    """
    for z in (rng.normal(size=(3, 4)), tails(rng)):
        expect.close(student.d_tanh(z), slopes(reference.tanh, z))


@question("relu")
@points(0.5)
def test_relu(student, reference, rng):
    """Keeps what is positive, exactly, and gives 0 elsewhere.

    es: Conserva lo positivo, exactamente, y da 0 en lo demás.
    """
    for z in (np.append(away(rng, 6), 0.0), tails(rng)):
        expect.close(student.relu(z), reference.relu(z))


@question("d_relu")
@points(0.5)
def test_d_relu(student, reference, rng):
    """Gives slope 1 above 0 and slope 0 below; at 0 any slope from 0 to 1.

    es: Da pendiente 1 por encima de 0 y pendiente 0 por debajo; en 0, cualquiera entre 0 y 1.
    """
    z = np.append(away(rng, 6), 0.0)
    expect_slopes(student.d_relu(z), z, slopes(reference.relu, z), 0.0, 1.0)


@question("leaky_relu")
@points(0.5)
def test_leaky_relu(student, reference, rng):
    """Keeps what is positive and multiplies what is negative by a small alpha.

    es: Conserva lo positivo y multiplica lo negativo por un alpha pequeño.
    """
    z, alpha = np.append(away(rng, 6), 0.0), rng.uniform(0.05, 0.4)
    expect.close(student.leaky_relu(z, alpha), reference.leaky_relu(z, alpha))


@question("leaky_relu")
@points(0.5)
def test_leaky_relu_any_alpha(student, reference, rng):
    """Follows the definition for every alpha, larger than 1 or negative ones included.

    es: Sigue la definición para todo alpha, también mayor que 1 o negativo.
    """
    z = away(rng, 8)
    for alpha in (rng.uniform(1.2, 2.0), -rng.uniform(0.1, 0.5), 0.0):
        expect.close(student.leaky_relu(z, alpha), reference.leaky_relu(z, alpha))


@question("d_leaky_relu")
@points(0.5)
def test_d_leaky_relu(student, reference, rng):
    """Gives slope 1 above 0 and slope alpha below; at 0 any slope between them.

    es: Da pendiente 1 por encima de 0 y pendiente alpha por debajo; en 0, cualquiera entre ellas.
    """
    z, alpha = np.append(away(rng, 6), 0.0), rng.uniform(0.05, 0.4)
    right = slopes(lambda moved: reference.leaky_relu(moved, alpha), z)
    expect_slopes(student.d_leaky_relu(z, alpha), z, right, alpha, 1.0)


@question("d_prelu_alpha")
@points(0.5)
def test_d_prelu_alpha(student, reference, rng):
    """Agrees with how leaky ReLU changes when alpha moves a little.

    es: Coincide con cuánto cambia leaky ReLU cuando alpha se mueve un poco.
    """
    z, alpha = np.append(away(rng, 6), 0.0), rng.uniform(0.05, 0.4)
    right = slopes(lambda moved: reference.leaky_relu(z, moved), alpha)
    expect.close(student.d_prelu_alpha(z, alpha), right)


@question("elu")
@points(0.5)
def test_elu(student, reference, rng):
    """Gives the right values on both sides of 0, for different alphas.

    es: Da los valores correctos a ambos lados de 0, con distintos alpha.
    """
    z = np.append(away(rng, 8), 0.0)
    for alpha in (rng.uniform(0.3, 0.7), rng.uniform(1.5, 2.5)):
        expect.close(student.elu(z, alpha), reference.elu(z, alpha))


@question("d_elu")
@points(0.5)
def test_d_elu(student, reference, rng):
    """Agrees with the slope of ELU, measured by moving each input a little; at 0 any slope between 1 and alpha.

    es: Coincide con la pendiente de ELU, medida moviendo un poco cada entrada; en 0, cualquiera entre 1 y alpha.
    """
    z = np.append(away(rng, 8), 0.0)
    for alpha in (rng.uniform(0.3, 0.7), rng.uniform(1.5, 2.5)):
        right = slopes(lambda moved, alpha=alpha: reference.elu(moved, alpha), z)
        expect_slopes(student.d_elu(z, alpha), z, right, min(alpha, 1.0), max(alpha, 1.0))


@question("d_elu")
@points(0.5)
def test_d_elu_kinds(student, reference, rng):
    """Works in both tails and for every kind of input, gives floats, and leaves its argument as it was.

    es: Funciona en ambas colas y con todo tipo de entrada, da flotantes y deja su argumento como estaba.
    """
    expect_all_kinds(student.d_elu, reference.d_elu, rng, 0.5)
    z = tails(rng)
    expect.close(student.d_elu(z, 0.5), reference.d_elu(z, 0.5))


@question("d_elu")
@points(0.5)
def test_d_elu_tensorflow(student, baseline):
    """Agrees with TensorFlow's automatic derivative.

    es: Coincide con la derivada automática de TensorFlow.
    """
    recorded = baseline("derivatives")
    expect.close(student.d_elu(recorded.z, float(recorded.alpha)), recorded.d_elu)


@question("linear")
@points(0.5)
def test_linear(student, reference, rng):
    """Gives a z + c as floats for every kind of input, and leaves its argument as it was.

    es: Da a z + c en flotantes con todo tipo de entrada, y deja su argumento como estaba.
    """
    a, c = rng.uniform(1.5, 3.0, size=2).tolist()
    for parameters in ((a, -c), (2, -3)):
        expect_all_kinds(student.linear, reference.linear, rng, *parameters)


@question("d_linear")
@points(0.5)
def test_d_linear(student, reference, rng):
    """Gives the slope for each entry as a float, in the shape of every kind of input.

    es: Da la pendiente de cada entrada como flotante, con la forma de todo tipo de entrada.
    """
    a, c = rng.uniform(1.5, 3.0, size=2).tolist()
    for parameters in ((a, -c), (2, -3)):
        expect_all_kinds(student.d_linear, reference.d_linear, rng, *parameters)


@question("maxout")
@points(0.5)
def test_maxout(student, reference, rng):
    """Gives the larger of two linear layers, output by output, for any number of examples, inputs and outputs.

    es: Da la mayor de dos capas lineales, salida por salida, con cualquier cantidad de ejemplos, entradas y salidas.
    """
    for n, d_in, d_out in ((6, 4, 3), (4, 4, 4), (1, 3, 2), (5, 2, 1)):
        layers = (rng.normal(size=shape) for shape in ((n, d_in), (d_in, d_out), d_out, (d_in, d_out), d_out))
        x, W1, b1, W2, b2 = layers
        expect.close(student.maxout(x, W1, b1, W2, b2), reference.maxout(x, W1, b1, W2, b2))


@question("maxout")
@points(0.5)
def test_maxout_kinds(student, reference, rng):
    """Accepts lists, integers and 32-bit floats, gives floats, and leaves its arguments as they were.

    es: Acepta listas, enteros y flotantes de 32 bits, da flotantes y deja sus argumentos como estaban.
    """
    shapes = ((4, 3), (3, 2), (2,), (3, 2), (2,))
    whole = [rng.integers(-5, 6, size=shape) for shape in shapes]
    single = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    for arguments in (whole, [array.tolist() for array in whole], single):
        got, after = student.maxout.with_arguments(*arguments)
        expect.floating(got)
        expect.close(got, reference.maxout(*arguments))
        expect.unchanged(tuple(arguments), after)


@for_each("tails", sigmoid=(), d_sigmoid=(), elu=(1.5,))
@points(0.5)
def test_tails(student, reference, rng, name, parameters):
    """Stays finite and exact in both tails, for inputs up to 10 000.

    es: Sigue finita y exacta en ambas colas, con entradas hasta 10 000.
    """
    z = tails(rng)
    got = getattr(student, name)(z, *parameters)
    expect.finite(got)
    expect.close(got, getattr(reference, name)(z, *parameters))


@for_each(
    "kinds",
    step=(),
    sign=(),
    sigmoid=(),
    d_sigmoid=(),
    tanh=(),
    d_tanh=(),
    relu=(),
    d_relu=(),
    leaky_relu=(0.25,),
    d_leaky_relu=(0.25,),
    d_prelu_alpha=(0.25,),
    elu=(0.5,),
)
@points(0.5)
def test_kinds(student, reference, rng, name, parameters):
    """Accepts numbers, lists, integers and arrays of any shape, gives floats, and leaves its argument as it was.

    es: Acepta números, listas, enteros y arreglos de cualquier forma, da flotantes y deja su argumento como estaba.
    """
    expect_all_kinds(getattr(student, name), getattr(reference, name), rng, *parameters)


@question("sigmoid")
@points(0.5)
def test_sigmoid_tensorflow(student, baseline):
    """Agrees with TensorFlow.

    es: Coincide con TensorFlow.
    """
    recorded = baseline("values")
    expect.close(student.sigmoid(recorded.z), recorded.sigmoid)


@question("explain")
@pytest.mark.manual
@points(2)
def test_explain():
    """Explains vanishing gradients of the sigmoid, and units of ReLU that stop learning.

    One point: the largest slope is 1/4, at z = 0 (f (1 - f) is largest at f = 1/2); after ten layers at most 0.25^10,
    about 1e-6, is left of an error, while positive ReLU inputs have slope 1 and all of it is left. One point: with a
    negative input for every example the slope is always 0, no error reaches the unit's weights, and it never changes
    again ("dies"); leaky ReLU (slope alpha) and ELU (slope alpha e^z) keep a slope above 0 there.

    es: Explica el gradiente que se desvanece con la sigmoide y las unidades de ReLU que dejan de aprender.

    Un punto: la mayor pendiente es 1/4, en z = 0 (f (1 - f) es máximo en f = 1/2); tras diez capas queda como mucho
    0.25^10, cerca de 1e-6, de un error, mientras que ReLU con entradas positivas tiene pendiente 1 y queda todo. Un
    punto: con entrada negativa en todos los ejemplos la pendiente siempre es 0, ningún error llega a los pesos de la
    unidad y ya no cambia nunca («muere»); leaky ReLU (pendiente alpha) y ELU (pendiente alpha e^z) conservan ahí una
    pendiente mayor que 0.
    """
