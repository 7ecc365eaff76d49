"""Known wrong answers to `two-layer-backprop`, one mistake each; the docstring is what the student reads.

Each stands alone: where the right function would call others of the notebook, what they do is written out.
"""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("init_params")
def all_zero(d_in, d_hidden, d_out, seed):
    """All parameters start at 0.

    Hidden units that start equal compute the same and receive the same gradient: they stay equal for ever, and with
    zeros nothing even passes through them. Only biases may start at 0.

    es: Todos los parámetros empiezan en 0.

    Las unidades ocultas que empiezan iguales calculan lo mismo y reciben el mismo gradiente: siguen iguales para
    siempre, y con ceros ni siquiera pasa nada por ellas. Solo los sesgos pueden empezar en 0.
    """
    return {
        "W1": np.zeros((d_in, d_hidden)),
        "b1": np.zeros(d_hidden),
        "W2": np.zeros((d_hidden, d_out)),
        "b2": np.zeros(d_out),
    }


@misconception("init_params")
def only_positive(d_in, d_hidden, d_out, seed):
    """The weights are drawn between 0 and 1: all of them positive.

    `rng.random` has mean 0.5, so all units start out adding up their inputs in much the same way. The weights of a
    layer should spread around 0: look for `rng.normal`.

    es: Los pesos se sortean entre 0 y 1: son todos positivos.

    `rng.random` tiene media 0.5, y todas las unidades empiezan sumando sus entradas casi de la misma manera. Los pesos
    de una capa deberían repartirse alrededor de 0: busca `rng.normal`.
    """
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.random((d_in, d_hidden)),
        "b1": np.zeros(d_hidden),
        "W2": rng.random((d_hidden, d_out)),
        "b2": np.zeros(d_out),
    }


@misconception("init_params", was=("scale=1 / np.sqrt(d_in), ", "scale=1 / np.sqrt(d_hidden), "), now=("", ""))
def unscaled():
    """The weights have standard deviation 1, however many inputs their layer has.

    The sum of many such terms is large, tanh saturates, and its slope is almost 0. Divide by the square root of the
    number of inputs of each layer.

    es: Los pesos tienen desviación estándar 1, sean cuantas sean las entradas de su capa.

    La suma de muchos términos así es grande, la tanh se satura y su pendiente es casi 0. Divide entre la raíz cuadrada
    del número de entradas de cada capa.
    """


@misconception("init_params")
def same_draw_twice(d_in, d_hidden, d_out, seed):
    """Both layers are drawn from a freshly seeded generator, and so hold the same numbers.

    Make the generator once and draw W1 and then W2 from it; a generator goes on where it stopped.

    es: Las dos capas se sortean con un generador recién sembrado, y por eso tienen los mismos números.

    Crea el generador una sola vez y sortea con él W1 y después W2; un generador sigue donde se quedó.
    """
    return {
        "W1": np.random.default_rng(seed).normal(scale=1 / np.sqrt(d_in), size=(d_in, d_hidden)),
        "b1": np.zeros(d_hidden),
        "W2": np.random.default_rng(seed).normal(scale=1 / np.sqrt(d_hidden), size=(d_hidden, d_out)),
        "b2": np.zeros(d_out),
    }


@misconception("init_params", was="default_rng(seed)", now="default_rng(0)")
def seed_ignored():
    """The seed that is passed in is not used.

    The draw is then the same for every seed (or different each time), and nobody can repeat or vary an experiment.
    Give `seed` to the generator.

    es: No se usa la semilla que se recibe.

    El sorteo es entonces igual con cualquier semilla (o distinto cada vez), y nadie puede repetir ni variar un
    experimento. Dale `seed` al generador.
    """


@misconception(
    "init_params",
    was=("np.zeros(d_hidden)", "np.zeros(d_out)"),
    now=("np.zeros((1, d_hidden))", "np.zeros((1, d_out))"),
)
def biases_as_rows():
    """The biases are matrices of one row instead of vectors.

    `(1, d)` often works by broadcasting, but gradients have the shape `(d,)`, and so should the parameters.

    es: Los sesgos son matrices de una fila en vez de vectores.

    `(1, d)` suele andar por *broadcasting*, pero los gradientes tienen forma `(d,)`, y los parámetros también deberían.
    """


@misconception("forward")
def no_activation(params, X):
    """The hidden layer has no activation: a is z itself.

    Two layers without a bend in between are one layer, (X W1) W2 = X (W1 W2), and cannot learn XOR. Pass z through
    tanh.

    es: La capa oculta no tiene activación: a es el propio z.

    Dos capas sin una curva en medio son una sola, (X W1) W2 = X (W1 W2), y no pueden aprender XOR. Pasa z por la tanh.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    a = z.copy()
    return z, a, a @ params["W2"] + params["b2"]


@misconception("forward")
def activated_output(params, X):
    """The output goes through tanh as well.

    It could then never exceed 1, and the derivative would have a factor more. In this network the output is linear.

    es: La salida también pasa por la tanh.

    Así nunca podría pasar de 1, y la derivada tendría un factor más. En esta red la salida es lineal.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    a = np.tanh(z)
    return z, a, np.tanh(a @ params["W2"] + params["b2"])


@misconception("forward")
def hidden_bias_forgotten(params, X):
    """The bias of the hidden layer is missing.

    Without b1 every hidden unit is 0 at the origin. z = X W1 + b1.

    es: Falta el sesgo de la capa oculta.

    Sin b1 toda unidad oculta vale 0 en el origen. z = X W1 + b1.
    """
    z = np.asarray(X, dtype=float) @ params["W1"]
    a = np.tanh(z)
    return z, a, a @ params["W2"] + params["b2"]


@misconception("forward")
def output_bias_forgotten(params, X):
    """The bias of the output is missing.

    Each layer has a bias of its own: o = a W2 + b2.

    es: Falta el sesgo de la salida.

    Cada capa tiene su propio sesgo: o = a W2 + b2.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    a = np.tanh(z)
    return z, a, a @ params["W2"]


@misconception("forward")
def output_from_z(params, X):
    """The output is computed from z, past the activation.

    tanh is computed, but nobody uses it. The second layer receives a, not z.

    es: La salida se calcula a partir de z, sin pasar por la activación.

    La tanh se calcula, pero nadie la usa. La segunda capa recibe a, no z.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    return z, np.tanh(z), z @ params["W2"] + params["b2"]


@misconception("forward")
def sigmoid_in_place_of_tanh(params, X):
    """The hidden layer uses the sigmoid.

    It runs from 0 to 1 and has another slope than tanh, which runs from -1 to 1. This network is defined with tanh, and
    `backward` relies on it.

    es: La capa oculta usa la sigmoide.

    Va de 0 a 1 y tiene otra pendiente que la tanh, que va de -1 a 1. Esta red se define con tanh, y `backward` cuenta
    con ello.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    a = 1 / (1 + np.exp(-z))
    return z, a, a @ params["W2"] + params["b2"]


@misconception("forward")
def tanh_without_doubling(params, X):
    """tanh is computed as 2 sigmoid(z) - 1; the 2 inside the sigmoid is missing.

    The identity is tanh(z) = 2 sigmoid(2z) - 1. Or simply use `np.tanh`.

    es: La tanh se calcula como 2 sigmoide(z) - 1; falta el 2 dentro de la sigmoide.

    La identidad es tanh(z) = 2 sigmoide(2z) - 1. O usa simplemente `np.tanh`.
    """
    z = np.asarray(X, dtype=float) @ params["W1"] + params["b1"]
    a = 2 / (1 + np.exp(-z)) - 1
    return z, a, a @ params["W2"] + params["b2"]


@misconception("loss")
def without_the_half(o, Y):
    """The half is missing.

    This loss is half of the squared error; with the whole of it, backward's delta2 would have to be 2 (o - y).

    es: Falta la mitad.

    Este error es la mitad del error cuadrático; con el error entero, delta2 tendría que ser 2 (o - y).
    """
    errors = np.asarray(o, dtype=float) - np.asarray(Y, dtype=float)
    return float(np.sum(errors**2) / len(errors))


@misconception("loss")
def mean_over_all_elements(o, Y):
    """The mean is taken over all numbers instead of over the examples.

    `np.mean` of a matrix divides by examples times outputs. The squared errors of one example are added up; only the
    examples are averaged.

    es: El promedio se toma sobre todos los números en vez de sobre los ejemplos.

    `np.mean` de una matriz divide entre ejemplos por salidas. Los errores cuadráticos de un ejemplo se suman; solo se
    promedian los ejemplos.
    """
    errors = np.asarray(o, dtype=float) - np.asarray(Y, dtype=float)
    return float(np.mean(errors**2) / 2)


@misconception("loss")
def summed_over_examples(o, Y):
    """The loss is not divided by the number of examples.

    It then grows with the batch, and so does every step. Divide by n.

    es: El error no se divide entre el número de ejemplos.

    Así crece con el lote, y con él cada paso. Divide entre n.
    """
    errors = np.asarray(o, dtype=float) - np.asarray(Y, dtype=float)
    return float(np.sum(errors**2) / 2)


@misconception("loss")
def one_loss_per_example(o, Y):
    """Each example has a loss of its own; their mean is missing.

    What is minimised must be one single number.

    es: Cada ejemplo tiene su propio error; falta el promedio.

    Lo que se minimiza tiene que ser un solo número.
    """
    errors = np.asarray(o, dtype=float) - np.asarray(Y, dtype=float)
    return np.sum(errors**2, axis=1) / 2


@misconception("loss")
def signed_errors(o, Y):
    """The errors are averaged with their signs, without squaring them.

    Errors upwards and downwards then cancel, and a network that is always wrong can have loss 0.

    es: Los errores se promedian con su signo, sin elevarlos al cuadrado.

    Los errores hacia arriba y hacia abajo se cancelan, y una red que siempre se equivoca puede tener error 0.
    """
    errors = np.asarray(o, dtype=float) - np.asarray(Y, dtype=float)
    return float(np.sum(errors) / (2 * len(errors)))


def right_backward(params, X, Y, z, a, o):
    """The right gradients, with the slope of tanh taken from its output."""
    n = len(X)
    delta2 = o - np.asarray(Y, dtype=float)
    delta1 = (delta2 @ params["W2"].T) * (1 - a**2)
    X = np.asarray(X, dtype=float)
    return {
        "W1": X.T @ delta1 / n,
        "b1": delta1.sum(axis=0) / n,
        "W2": a.T @ delta2 / n,
        "b2": delta2.sum(axis=0) / n,
    }


@misconception("backward")
def not_divided_by_n(params, X, Y, z, a, o):
    """The gradients are summed over the examples and not divided by their number.

    The loss is a mean, so its gradient is one too. Otherwise the step grows with the batch, and a learning rate that
    worked for ten examples explodes for a thousand.

    es: Los gradientes se suman sobre los ejemplos y no se dividen entre su número.

    El error es un promedio, y su gradiente también. Si no, el paso crece con el lote, y una tasa de aprendizaje que
    servía con diez ejemplos explota con mil.
    """
    delta2 = o - np.asarray(Y, dtype=float)
    delta1 = (delta2 @ params["W2"].T) * (1 - a**2)
    X = np.asarray(X, dtype=float)
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}


@misconception(
    "backward", was='(delta2 @ params["W2"].T) * (1 - a**2)', now='delta2 @ params["W2"].T', base=right_backward
)
def slope_left_out():
    """The slope of the activation, phi'(z), is left out of delta1.

    The blame goes back through tanh, and tanh passes on only as much as it would react: multiply entry by entry by
    1 - tanh(z)^2.

    es: En delta1 falta la pendiente de la activación, phi'(z).

    La culpa vuelve a través de la tanh, y la tanh deja pasar solo tanto como ella reaccionaría: multiplica entrada por
    entrada por 1 - tanh(z)^2.
    """


@misconception("backward", was='params["W2"].T', now='params["W2"]', base=right_backward)
def w2_not_transposed():
    """W2 is not transposed on the way back.

    `delta2 @ W2` fails, or, where W2 happens to be square, sends the blame to the wrong units. What left unit j through
    W2[j, k] must come back to unit j: delta2 @ W2.T, of shape (n, d_hidden).

    es: W2 no se transpone en el camino de vuelta.

    `delta2 @ W2` falla o, si W2 resulta cuadrada, manda la culpa a las unidades equivocadas. Lo que salió de la unidad
    j por W2[j, k] debe volver a la unidad j: delta2 @ W2.T, de forma (n, d_hidden).
    """


@misconception(
    "backward", was=("delta1.sum(axis=0)", "delta2.sum(axis=0)"), now=("delta1", "delta2"), base=right_backward
)
def bias_gradient_not_summed():
    """The gradients of the biases are not summed over the examples.

    One bias serves all examples, so their blames are added up: `delta.sum(axis=0) / n` has shape (d,), `delta` itself
    has one row per example.

    es: Los gradientes de los sesgos no se suman sobre los ejemplos.

    Un mismo sesgo sirve a todos los ejemplos, y sus culpas se suman: `delta.sum(axis=0) / n` tiene forma (d,); `delta`
    misma tiene una fila por ejemplo.
    """


@misconception(
    "backward",
    was=("delta1.sum(axis=0) / n", "delta2.sum(axis=0) / n"),
    now=("delta1.sum(axis=0)", "delta2.sum(axis=0)"),
    base=right_backward,
)
def bias_gradient_not_divided():
    """The gradients of the biases are sums, whereas those of the weights are means.

    All four are derivatives of the same mean loss: divide the biases' by n as well.

    es: Los gradientes de los sesgos son sumas, mientras que los de los pesos son promedios.

    Los cuatro son derivadas del mismo error promedio: divide entre n también los de los sesgos.
    """


@misconception(
    "backward", was="o - np.asarray(Y, dtype=float)", now="np.asarray(Y, dtype=float) - o", base=right_backward
)
def sign_reversed():
    """All gradients have the wrong sign: delta2 is y - o.

    The derivative of (o - y)^2 / 2 by o is o - y. The minus of gradient descent belongs to the step, not to the
    gradient.

    es: Todos los gradientes tienen el signo contrario: delta2 es y - o.

    La derivada de (o - y)^2 / 2 respecto a o es o - y. El menos del descenso de gradiente va en el paso, no en el
    gradiente.
    """


@misconception("backward", was="1 - a**2", now="1 - np.tanh(a) ** 2", base=right_backward)
def slope_of_the_output():
    """The slope is taken as 1 - tanh(a)^2, as if a were the input of the activation.

    Either 1 - tanh(z)^2, from the input, or 1 - a^2, from the output; not a mixture of the two.

    es: La pendiente se toma como 1 - tanh(a)^2, como si a fuera la entrada de la activación.

    O bien 1 - tanh(z)^2, desde la entrada, o bien 1 - a^2, desde la salida; no una mezcla de las dos.
    """


@misconception("backward", was="1 - a**2", now="1 - z**2", base=right_backward)
def slope_as_if_z_were_the_output():
    """The slope is taken as 1 - z^2.

    The short form 1 - a^2 takes the *output* of tanh. With z, which may be any number, it even becomes negative.

    es: La pendiente se toma como 1 - z^2.

    La forma corta 1 - a^2 recibe la *salida* de la tanh. Con z, que puede ser cualquier número, hasta sale negativa.
    """


@misconception("backward", was="(1 - a**2)", now="a * (1 - a)", base=right_backward)
def slope_of_the_sigmoid():
    """The slope of the sigmoid, a (1 - a), is used for tanh.

    Each activation has a derivative of its own; that of tanh is 1 - a^2.

    es: Para la tanh se usa la pendiente de la sigmoide, a (1 - a).

    Cada activación tiene su propia derivada; la de la tanh es 1 - a^2.
    """


@misconception("backward", was="a.T @ delta2", now="z.T @ delta2", base=right_backward)
def w2_gradient_from_z():
    """The gradient by W2 is made from z.

    A weight's gradient is what came in times the blame at its exit. What came into W2 is a.

    es: El gradiente de W2 se calcula con z.

    El gradiente de un peso es lo que entró por la culpa a su salida. Lo que entró en W2 es a.
    """


@misconception("numerical_gradient")
def forward_differences(params, X, Y, h):
    """The parameter is moved to one side only.

    (J(p + h) - J(p)) / h has an error that shrinks like h. Move to both sides: (J(p + h) - J(p - h)) / 2h shrinks like
    h^2.

    es: El parámetro se mueve hacia un solo lado.

    El error de (J(p + h) - J(p)) / h se reduce como h. Muévelo hacia los dos lados: el de (J(p + h) - J(p - h)) / 2h
    se reduce como h^2.
    """

    def cost(p):
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            up = np.array(values, dtype=float)
            up[index] += h
            gradients[name][index] = (cost({**params, name: up}) - cost(params)) / h
    return gradients


@misconception("numerical_gradient")
def divided_by_h(params, X, Y, h):
    """The difference is divided by h instead of 2h.

    From p - h to p + h it is two steps of h: without the 2 every slope comes out twice as large.

    es: La diferencia se divide entre h en vez de 2h.

    De p - h a p + h hay dos pasos de h: sin el 2 toda pendiente sale el doble.
    """

    def cost(p):
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            up, down = np.array(values, dtype=float), np.array(values, dtype=float)
            up[index] += h
            down[index] -= h
            gradients[name][index] = (cost({**params, name: up}) - cost({**params, name: down})) / h
    return gradients


@misconception("numerical_gradient")
def not_put_back(params, X, Y, h):
    """A parameter that was moved is not put back before the next one is moved.

    Later differences are then taken around another point. Move a fresh copy each time, or put the old value back.

    es: Un parámetro que se movió no vuelve a su lugar antes de mover el siguiente.

    Las diferencias posteriores se toman entonces alrededor de otro punto. Mueve cada vez una copia nueva, o restaura el
    valor anterior.
    """

    def cost(p):
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    moved = {name: np.array(values, dtype=float) for name, values in params.items()}
    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            moved[name][index] += h
            up = cost(moved)
            moved[name][index] -= 2 * h
            gradients[name][index] = (up - cost(moved)) / (2 * h)
    return gradients


@misconception("numerical_gradient")
def all_entries_at_once(params, X, Y, h):
    """All entries of an array are moved together.

    That gives the sum of their slopes, the same number in every place. Move one entry at a time.

    es: Todas las entradas de un arreglo se mueven juntas.

    Así sale la suma de sus pendientes, el mismo número en todos los lugares. Mueve una entrada a la vez.
    """

    def cost(p):
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    gradients = {}
    for name, values in params.items():
        difference = cost({**params, name: values + h}) - cost({**params, name: values - h})
        gradients[name] = np.full(values.shape, difference / (2 * h))
    return gradients


@misconception("numerical_gradient")
def changes_the_parameters(params, X, Y, h):
    """The parameters of the caller are moved.

    `values[index] += h` writes into the array that was passed in, and what is added and taken away again need not even
    give the old number. Move a copy: `np.array(values)`.

    es: Se mueven los parámetros de quien llama a la función.

    `values[index] += h` escribe en el arreglo que se recibió, y sumar y restar ni siquiera devuelve siempre el número
    anterior. Mueve una copia: `np.array(values)`.
    """

    def cost(p):
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            values[index] += h
            up = cost(params)
            values[index] -= 2 * h
            gradients[name][index] = (up - cost(params)) / (2 * h)
    return gradients


@misconception("sgd_step")
def uphill(params, grads, learning_rate):
    """The step goes up the slope instead of down.

    The gradient points to where the loss grows: subtract it.

    es: El paso va cuesta arriba en vez de cuesta abajo.

    El gradiente apunta hacia donde el error crece: réstalo.
    """
    return {name: params[name] + learning_rate * grads[name] for name in params}


@misconception("sgd_step")
def updated_in_place(params, grads, learning_rate):
    """The old parameters are overwritten.

    `-=` writes into the caller's arrays, and `dict(params)` copies the dict, not the arrays in it. Write
    `params[name] - ...` into a new dict.

    es: Se sobrescriben los parámetros anteriores.

    `-=` escribe en los arreglos de quien llama, y `dict(params)` copia el diccionario, no los arreglos que contiene.
    Escribe `params[name] - ...` en un diccionario nuevo.
    """
    updated = dict(params)
    for name in updated:
        updated[name] -= learning_rate * grads[name]
    return updated


@misconception("sgd_step")
def biases_left_alone(params, grads, learning_rate):
    """Only the weights are updated; the biases stay where they were.

    Biases are parameters like the others, and learn in the same way.

    es: Solo se actualizan los pesos; los sesgos se quedan donde estaban.

    Los sesgos son parámetros como los demás y aprenden igual.
    """
    return {
        "W1": params["W1"] - learning_rate * grads["W1"],
        "b1": params["b1"].copy(),
        "W2": params["W2"] - learning_rate * grads["W2"],
        "b2": params["b2"].copy(),
    }


@misconception("sgd_step")
def learning_rate_unused(params, grads, learning_rate):
    """The whole gradient is subtracted, whatever the learning rate is.

    The learning rate says how far to go: multiply the gradient by it.

    es: Se resta el gradiente entero, sea cual sea la tasa de aprendizaje.

    La tasa de aprendizaje dice qué tan lejos ir: multiplica por ella el gradiente.
    """
    return {name: params[name] - grads[name] for name in params}


@misconception("sgd_step")
def only_the_change(params, grads, learning_rate):
    """The change is returned instead of the new parameters.

    New value = old value minus learning rate times gradient.

    es: Se devuelve el cambio en vez de los parámetros nuevos.

    Valor nuevo = valor anterior menos tasa de aprendizaje por gradiente.
    """
    return {name: -learning_rate * grads[name] for name in params}


def right_train(params, X, Y, learning_rate, epochs):
    """The right training, without a call of the notebook's other functions."""
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    losses = []
    for _ in range(epochs):
        a = np.tanh(X @ params["W1"] + params["b1"])
        delta2 = a @ params["W2"] + params["b2"] - Y
        losses.append(float(np.sum(delta2**2) / (2 * n)))
        delta1 = (delta2 @ params["W2"].T) * (1 - a**2)
        grads = {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}
        params = {name: params[name] - learning_rate * grads[name] / n for name in params}
    return params, losses


@misconception("train")
def w2_updated_first(params, X, Y, learning_rate, epochs):
    """W2 is updated before delta1 is computed.

    The blame must travel back through the weights that the signal came through. Compute all four gradients first, then
    change all four parameters.

    es: W2 se actualiza antes de calcular delta1.

    La culpa debe volver por los mismos pesos por los que vino la señal. Calcula primero los cuatro gradientes y cambia
    después los cuatro parámetros.
    """
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    p = {name: np.array(values, dtype=float) for name, values in params.items()}
    losses = []
    for _ in range(epochs):
        a = np.tanh(X @ p["W1"] + p["b1"])
        delta2 = a @ p["W2"] + p["b2"] - Y
        losses.append(float(np.sum(delta2**2) / (2 * n)))
        p["W2"] -= learning_rate * a.T @ delta2 / n
        p["b2"] -= learning_rate * delta2.sum(axis=0) / n
        delta1 = (delta2 @ p["W2"].T) * (1 - a**2)
        p["W1"] -= learning_rate * X.T @ delta1 / n
        p["b1"] -= learning_rate * delta1.sum(axis=0) / n
    return p, losses


@misconception("train")
def same_gradient_every_epoch(params, X, Y, learning_rate, epochs):
    """Every step uses the gradients of the start.

    After a step the slope is another one. Forward and backward belong inside the loop, with the present parameters.

    es: Todos los pasos usan los gradientes del comienzo.

    Después de un paso la pendiente es otra. La ida y la vuelta van dentro del ciclo, con los parámetros actuales.
    """
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    a = np.tanh(X @ params["W1"] + params["b1"])
    delta2 = a @ params["W2"] + params["b2"] - Y
    delta1 = (delta2 @ params["W2"].T) * (1 - a**2)
    grads = {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}
    losses = []
    for _ in range(epochs):
        o = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        losses.append(float(np.sum((o - Y) ** 2) / (2 * n)))
        params = {name: params[name] - learning_rate * grads[name] / n for name in params}
    return params, losses


@misconception("train")
def losses_after_the_step(params, X, Y, learning_rate, epochs):
    """Each loss is noted after its step.

    The list should begin with the loss at the start, before anything was learnt; otherwise the first drop is lost.

    es: Cada error se anota después de su paso.

    La lista debería empezar con el error del comienzo, antes de aprender nada; si no, se pierde la primera bajada.
    """
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    losses = []
    for _ in range(epochs):
        a = np.tanh(X @ params["W1"] + params["b1"])
        delta2 = a @ params["W2"] + params["b2"] - Y
        delta1 = (delta2 @ params["W2"].T) * (1 - a**2)
        grads = {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}
        params = {name: params[name] - learning_rate * grads[name] / n for name in params}
        o = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        losses.append(float(np.sum((o - Y) ** 2) / (2 * n)))
    return params, losses


@misconception(
    "train",
    was=("losses = []", "losses.append(float(np.sum(delta2**2) / (2 * n)))", "return params, losses"),
    now=("loss = 0.0", "loss = float(np.sum(delta2**2) / (2 * n))", "return params, loss"),
    base=right_train,
)
def only_the_last_loss():
    """Only the last loss is returned.

    To see whether training works one needs the whole curve: append each epoch's loss to a list.

    es: Solo se devuelve el último error.

    Para ver si el entrenamiento anda hace falta la curva entera: agrega a una lista el error de cada época.
    """


@misconception("train")
def one_example_at_a_time(params, X, Y, learning_rate, epochs):
    """A step is taken after every single example.

    That is stochastic gradient descent with batches of one: n steps per epoch. Here one epoch is one step, with the
    mean gradient of all examples.

    es: Se da un paso después de cada ejemplo.

    Eso es descenso de gradiente estocástico con lotes de uno: n pasos por época. Aquí una época es un solo paso, con el
    gradiente promedio de todos los ejemplos.
    """
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    losses = []
    for _ in range(epochs):
        o = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        losses.append(float(np.sum((o - Y) ** 2) / (2 * n)))
        for x, y in zip(X, Y, strict=True):
            a = np.tanh(x @ params["W1"] + params["b1"])
            delta2 = a @ params["W2"] + params["b2"] - y
            delta1 = (params["W2"] @ delta2) * (1 - a**2)
            grads = {"W1": np.outer(x, delta1), "b1": delta1, "W2": np.outer(a, delta2), "b2": delta2}
            params = {name: params[name] - learning_rate * grads[name] for name in params}
    return params, losses


@misconception(
    "train",
    was="        params = {name: params[name] - learning_rate * grads[name] / n for name in params}\n",
    now="        for name in params:\n            params[name] -= learning_rate * grads[name] / n\n",
    base=right_train,
)
def start_overwritten():
    """The starting parameters are overwritten by training.

    Whoever passed them in can no longer train again from the same start. Each step should make new arrays.

    es: El entrenamiento sobrescribe los parámetros iniciales.

    Quien los entregó ya no puede entrenar otra vez desde el mismo comienzo. Cada paso debería crear arreglos nuevos.
    """


@misconception("train", was="range(epochs)", now="range(1, epochs)", base=right_train)
def one_epoch_too_few():
    """One epoch is missing.

    `range(1, epochs)` runs epochs - 1 times; `range(epochs)` runs epochs times.

    es: Falta una época.

    `range(1, epochs)` da epochs - 1 vueltas; `range(epochs)` da epochs vueltas.
    """
