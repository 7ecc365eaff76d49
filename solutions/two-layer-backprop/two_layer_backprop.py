# %% [markdown] lang="en"
# # Backpropagation: a network of two layers learns
#
# Take the four points of the *exclusive or* (XOR): the answer is 1 when exactly one of the two inputs is 1.
#
# | $x_1$ | $x_2$ | $y$ |
# |---|---|---|
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# No single layer can answer it. Add up its scores for the two points with $y = 0$, then for the two with $y = 1$: both
# sums are $w_1 + w_2 + 2b$, so a layer that goes up on the ones goes up on the zeros just as much. Put a second layer
# behind it, with a bent function in between, and the problem vanishes. What took decades was to find out how such a
# network *learns*: how much is each weight of the first layer to blame for an error seen only at the end? The answer,
# **backpropagation**, is the chain rule applied from the last layer to the first, and it still trains every network
# of today.
#
# You will write seven small functions, train your own network on XOR, and answer one question in words. Plan for about
# an hour. Knowing NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Retropropagación: una red de dos capas aprende
#
# Toma los cuatro puntos de la *o exclusiva* (XOR): la respuesta es 1 cuando exactamente una de las dos entradas es 1.
#
# | $x_1$ | $x_2$ | $y$ |
# |---|---|---|
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# Ninguna capa única puede responderla. Suma sus puntuaciones para los dos puntos con $y = 0$ y después para los dos
# con $y = 1$: ambas sumas son $w_1 + w_2 + 2b$, de modo que una capa que sube en los unos sube otro tanto en los
# ceros. Ponle detrás una segunda capa, con una función curva en medio, y el problema desaparece. Lo que costó décadas
# fue descubrir cómo *aprende* una red así: ¿qué parte de la culpa tiene cada peso de la primera capa en un error que
# solo se ve al final? La respuesta, la **retropropagación** (*backpropagation*), es la regla de la cadena aplicada
# desde la última capa hasta la primera, y todavía hoy entrena a todas las redes.
#
# Vas a escribir siete funciones pequeñas, a entrenar tu propia red con XOR y a responder una pregunta con palabras.
# Calcula más o menos una hora. Basta con saber NumPy.
#
# **Cómo trabajar.** Escribe tu código donde una celda dice `raise NotImplementedError` y reemplaza esa línea. La celda
# siguiente es una *comprobación visible*: ejecútala cuantas veces quieras. La nota final sale de otros ejemplos del
# mismo tipo, así que escribe para cualquier entrada que cumpla la descripción, no para las cifras que ves aquí.

# %% [markdown] lang="en"
# ## Preparation
#
# Run the next cell once. It loads NumPy and defines `check`, the helper behind the visible checks; you need not read
# it.

# %% [markdown] lang="es"
# ## Preparación
#
# Ejecuta la celda siguiente una vez. Carga NumPy y define `check`, la ayuda que usan las comprobaciones visibles; no
# hace falta que la leas.

# %%
import importlib.util
import sys

import numpy as np

from autograder.release.visible_checks import check_parts as check

# %% [markdown] lang="en"
# ## 1. The network and its parameters
#
# As everywhere in this course, rows are examples. Our network takes `X` of shape `(n, d_in)` to predictions `o` of
# shape `(n, d_out)` through a **hidden layer** of `d_hidden` units:
#
# $$z = X W_1 + b_1 \qquad a = \tanh(z) \qquad o = a W_2 + b_2$$
#
# | parameter | shape | what it does |
# |---|---|---|
# | `W1` | `(d_in, d_hidden)` | weights from the inputs to the hidden units |
# | `b1` | `(d_hidden,)` | one bias for each hidden unit |
# | `W2` | `(d_hidden, d_out)` | weights from the hidden units to the outputs |
# | `b2` | `(d_out,)` | one bias for each output |
#
# The four live in a dict with these names as keys. Where do they start? Biases at 0. Weights must **not** all start
# equal: two hidden units with equal weights compute the same, receive the same gradient, and stay twins for ever. So
# weights are drawn at random, from a normal distribution with mean 0. Its standard deviation is
# $1 / \sqrt{\text{number of inputs of that layer}}$: a unit adds up that many terms, and so its sum neither grows nor
# fades with the width of the layer. The `seed` makes the draw repeatable: the same seed must give the same numbers.

# %% [markdown] lang="es"
# ## 1. La red y sus parámetros
#
# Como en todo el curso, las filas son ejemplos. Nuestra red lleva `X`, de forma `(n, d_in)`, a predicciones `o`, de
# forma `(n, d_out)`, a través de una **capa oculta** de `d_hidden` unidades:
#
# $$z = X W_1 + b_1 \qquad a = \tanh(z) \qquad o = a W_2 + b_2$$
#
# | parámetro | forma | qué hace |
# |---|---|---|
# | `W1` | `(d_in, d_hidden)` | pesos de las entradas a las unidades ocultas |
# | `b1` | `(d_hidden,)` | un sesgo (*bias*) por cada unidad oculta |
# | `W2` | `(d_hidden, d_out)` | pesos de las unidades ocultas a las salidas |
# | `b2` | `(d_out,)` | un sesgo por cada salida |
#
# Los cuatro viven en un diccionario con estos nombres como claves. ¿Dónde empiezan? Los sesgos, en 0. Los pesos **no**
# pueden empezar todos iguales: dos unidades ocultas con los mismos pesos calculan lo mismo, reciben el mismo gradiente
# y siguen siendo gemelas para siempre. Por eso los pesos se sortean con una distribución normal de media 0. Su
# desviación estándar es $1 / \sqrt{\text{número de entradas de esa capa}}$: una unidad suma esa cantidad de términos,
# y así su suma ni crece ni se apaga con el ancho de la capa. La semilla `seed` hace repetible el sorteo: la misma
# semilla debe dar los mismos números.


# %% question="init_params"
def init_params(d_in, d_hidden, d_out, seed):
    """Draw the starting parameters of the network.

    d_in, d_hidden, d_out: numbers of inputs, hidden units and outputs
    seed: whole number; the same seed gives the same parameters, another seed gives others
    returns: dict of float arrays: W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,);
        weights normal with mean 0 and standard deviation 1 / sqrt(inputs of the layer), biases 0
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(scale=1 / np.sqrt(d_in), size=(d_in, d_hidden)),
        "b1": np.zeros(d_hidden),
        "W2": rng.normal(scale=1 / np.sqrt(d_hidden), size=(d_hidden, d_out)),
        "b2": np.zeros(d_out),
    }
    ### END SOLUTION


# %% check="init_params"
def facts(seed):
    """Sum up what can be seen of the parameters of a wide network: spreads, biases, whether the seed decides."""
    wide, again, other = (init_params(100, 400, 50, number) for number in (seed, seed, seed + 1))
    return {
        "std of W1": np.std(wide["W1"]),
        "std of W2": np.std(wide["W2"]),
        "b1": wide["b1"],
        "b2": wide["b2"],
        "same seed, share of equal weights": np.mean(wide["W1"] == again["W1"]),
        "other seed, share of equal weights": np.mean(wide["W1"] == other["W1"]),
    }


check(
    facts,
    7,
    want={
        "std of W1": 0.1,
        "std of W2": 0.05,
        "b1": np.zeros(400),
        "b2": np.zeros(50),
        "same seed, share of equal weights": 1.0,
        "other seed, share of equal weights": 0.0,
    },
    en="Weights: standard deviation 1/sqrt(100) and 1/sqrt(400); biases zero; the seed alone decides the draw.",
    es="Pesos: desviación estándar 1/sqrt(100) y 1/sqrt(400); sesgos cero; solo la semilla decide el sorteo.",
    atol=0.005,
    name="init_params",
)
"init_params: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 2. Forward: from inputs to predictions
#
# We follow one small network through the whole assignment, so that you can check every step by hand. It has two inputs,
# two hidden units and one output, and sees the example $x = (1, 2)$:
#
# $$W_1 = \begin{pmatrix} 0.5 & -1 \\ 0.25 & 1 \end{pmatrix} \quad b_1 = (0, -1) \quad
# W_2 = \begin{pmatrix} 2 \\ 1 \end{pmatrix} \quad b_2 = (-0.5)$$
#
# | step | first unit | second unit |
# |---|---|---|
# | $z = x W_1 + b_1$ | $0.5 + 0.5 + 0 = 1$ | $-1 + 2 - 1 = 0$ |
# | $a = \tanh(z)$ | 0.762 | 0 |
# | $o = a W_2 + b_2$ | $2 \cdot 0.762 + 1 \cdot 0 - 0.5 = 1.023$ | |
#
# The output has **no** activation: it may be any number. Without the tanh in the middle, two layers would collapse into
# one: $(X W_1) W_2 = X (W_1 W_2)$.
#
# Return all three of `z`, `a`, `o`: the way back will need what the way forward has computed.

# %% [markdown] lang="es"
# ## 2. Hacia delante: de las entradas a las predicciones
#
# Seguimos una red pequeña durante toda la tarea, para que puedas verificar cada paso a mano. Tiene dos entradas, dos
# unidades ocultas y una salida, y ve el ejemplo $x = (1, 2)$:
#
# $$W_1 = \begin{pmatrix} 0.5 & -1 \\ 0.25 & 1 \end{pmatrix} \quad b_1 = (0, -1) \quad
# W_2 = \begin{pmatrix} 2 \\ 1 \end{pmatrix} \quad b_2 = (-0.5)$$
#
# | paso | primera unidad | segunda unidad |
# |---|---|---|
# | $z = x W_1 + b_1$ | $0.5 + 0.5 + 0 = 1$ | $-1 + 2 - 1 = 0$ |
# | $a = \tanh(z)$ | 0.762 | 0 |
# | $o = a W_2 + b_2$ | $2 \cdot 0.762 + 1 \cdot 0 - 0.5 = 1.023$ | |
#
# La salida **no** lleva activación: puede ser cualquier número. Sin la tanh de en medio, las dos capas se reducirían a
# una sola: $(X W_1) W_2 = X (W_1 W_2)$.
#
# Devuelve las tres, `z`, `a` y `o`: el camino de vuelta va a necesitar lo que se calculó a la ida.


# %% question="forward"
def forward(params, X):
    """Compute the predictions of the network, with a tanh in the hidden layer and none at the output.

    params: dict of W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,)
    X: inputs (n, d_in); may be a list of rows, or hold integers
    returns: z (n, d_hidden), a (n, d_hidden), o (n, d_out), arrays of floats
    """
    ### BEGIN SOLUTION
    z = np.asarray(X) @ params["W1"] + params["b1"]
    a = np.tanh(z)
    o = a @ params["W2"] + params["b2"]
    return z, a, o
    ### END SOLUTION


# %% check="forward"
small = {
    "W1": np.array([[0.5, -1.0], [0.25, 1.0]]),
    "b1": np.array([0.0, -1.0]),
    "W2": np.array([[2.0], [1.0]]),
    "b2": np.array([-0.5]),
}
check(
    forward,
    small,
    [[1, 2]],
    want={"z": [[1.0, 0.0]], "a": [[0.762, 0.0]], "o": [[1.023]]},
    en="Return z, a, o in this order. z has its bias, a is the tanh of z, and o is made from a.",
    es="Devuelve z, a, o en este orden. z lleva su sesgo, a es la tanh de z, y o sale de a.",
)
check(
    forward,
    small,
    [[1, 2], [0, 0], [-1, 1]],
    want={
        "z": [[1.0, 0.0], [0.0, -1.0], [-0.25, 1.0]],
        "a": [[0.762, 0.0], [0.0, -0.762], [-0.245, 0.762]],
        "o": [[1.023], [-1.262], [-0.228]],
    },
    en="Each row of X is an example, and gives a row of z, a and o.",
    es="Cada fila de X es un ejemplo y da una fila de z, de a y de o.",
)
"forward: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 3. The loss
#
# How wrong are the predictions `o`, when `Y`, of the same shape, was wanted? The mean over the examples of **half the
# squared error**, added up over the outputs:
#
# $$J = \frac{1}{n} \sum_{i=1}^{n} \frac{1}{2} \sum_{k} (o_{ik} - y_{ik})^2$$
#
# The half is there for a reason that shows in the next section: it cancels the 2 of the derivative. Divide by the
# number of *examples* only, however many outputs there are. If our example should have given $y = 0$, its loss is
# $\frac{1}{2} \cdot 1.023^2 = 0.523$.

# %% [markdown] lang="es"
# ## 3. El error
#
# ¿Qué tan equivocadas están las predicciones `o` si se quería `Y`, de la misma forma? El promedio sobre los ejemplos
# de **la mitad del error cuadrático**, sumado sobre las salidas:
#
# $$J = \frac{1}{n} \sum_{i=1}^{n} \frac{1}{2} \sum_{k} (o_{ik} - y_{ik})^2$$
#
# La mitad está ahí por una razón que se verá en la sección siguiente: cancela el 2 de la derivada. Divide solo entre el
# número de *ejemplos*, sean cuantas sean las salidas. Si nuestro ejemplo debía dar $y = 0$, su error es
# $\frac{1}{2} \cdot 1.023^2 = 0.523$.


# %% question="loss"
def loss(o, Y):
    """Give the mean over the examples of half the squared error.

    o: predictions (n, d_out); Y: what was wanted (n, d_out); both may be lists or hold integers
    returns: one float
    """
    ### BEGIN SOLUTION
    errors = np.subtract(o, Y, dtype=float)
    return float(np.sum(errors**2) / (2 * len(errors)))
    ### END SOLUTION


# %% check="loss"
check(
    loss,
    [[1.023]],
    [[0]],
    want=0.523,
    en="Half of the square of 1.023.",
    es="La mitad del cuadrado de 1.023.",
)
check(
    loss,
    [[1, 2, 3], [4, 5, 6]],
    [[1, 2, 1], [2, 5, 5]],
    want=2.25,
    en="Squared errors 0+0+4 and 4+0+1; their sum 9, divided by 2 examples and by the 2 of the half.",
    es="Errores cuadráticos 0+0+4 y 4+0+1; su suma 9, dividida entre 2 ejemplos y entre el 2 de la mitad.",
)
"loss: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 4. Backward: who is to blame?
#
# We want the gradient of $J$ by each of the four parameters. The chain rule gives it step by step, from the end to the
# beginning. Two intermediate results carry the blame from layer to layer, one row per example:
#
# $$\delta_2 = o - y \qquad\qquad \delta_1 = (\delta_2 W_2^\top) \odot \phi'(z)$$
#
# $\delta_2$ is the blame of the outputs: the derivative of $\frac{1}{2}(o - y)^2$, where the half has cancelled.
# $\delta_2 W_2^\top$ sends it back through the same weights that carried the signal forward; mind the transpose, which
# turns shape `(n, d_out)` into `(n, d_hidden)`. The sign $\odot$ is the product entry by entry (`*` in NumPy) with the
# slope of the activation at `z`. For $\phi = \tanh$ that slope is $\phi'(z) = 1 - \tanh^2(z) = 1 - a^2$. A unit that is
# saturated, with `a` near 1 or -1, hardly takes any blame, because it would hardly react.
#
# Each weight's gradient is then *what came in* times *the blame at its exit*, averaged over the $n$ examples, and a
# bias is a weight whose input is always 1:
#
# $$\frac{\partial J}{\partial W_2} = \frac{a^\top \delta_2}{n} \quad
# \frac{\partial J}{\partial b_2} = \frac{1}{n} \sum_i \delta_{2,i} \quad
# \frac{\partial J}{\partial W_1} = \frac{X^\top \delta_1}{n} \quad
# \frac{\partial J}{\partial b_1} = \frac{1}{n} \sum_i \delta_{1,i}$$
#
# Our example with $y = 0$: $\delta_2 = 1.023$. Going back, $1.023 \cdot (2, 1) = (2.046, 1.023)$, and the slopes are
# $(1 - 0.762^2, 1 - 0^2) = (0.420, 1)$, so $\delta_1 = (0.859, 1.023)$. The gradient by $W_2$ is
# $(0.762, 0)^\top \cdot 1.023 = (0.779, 0)^\top$, and that by $W_1$ has the rows $1 \cdot \delta_1$ and
# $2 \cdot \delta_1$.
#
# A good habit: a gradient always has the shape of what it is taken by. `z`, `a` and `o` are given, as `forward`
# computed them; you need not compute them again.

# %% [markdown] lang="es"
# ## 4. Hacia atrás: ¿quién tiene la culpa?
#
# Queremos el gradiente de $J$ respecto a cada uno de los cuatro parámetros. La regla de la cadena lo da paso a paso,
# desde el final hasta el comienzo. Dos resultados intermedios llevan la culpa de capa en capa, una fila por ejemplo:
#
# $$\delta_2 = o - y \qquad\qquad \delta_1 = (\delta_2 W_2^\top) \odot \phi'(z)$$
#
# $\delta_2$ es la culpa de las salidas: la derivada de $\frac{1}{2}(o - y)^2$, donde la mitad se canceló.
# $\delta_2 W_2^\top$ la devuelve por los mismos pesos que llevaron la señal hacia delante; ojo con la transpuesta, que
# convierte la forma `(n, d_out)` en `(n, d_hidden)`. El signo $\odot$ es el producto entrada por entrada (`*` en NumPy)
# por la pendiente de la activación en `z`. Para $\phi = \tanh$ esa pendiente es
# $\phi'(z) = 1 - \tanh^2(z) = 1 - a^2$. Una unidad saturada, con `a` cerca de 1 o de -1, casi no recibe culpa, porque
# casi no reaccionaría.
#
# El gradiente de cada peso es entonces *lo que entró* por *la culpa a su salida*, promediado sobre los $n$ ejemplos, y
# un sesgo es un peso cuya entrada vale siempre 1:
#
# $$\frac{\partial J}{\partial W_2} = \frac{a^\top \delta_2}{n} \quad
# \frac{\partial J}{\partial b_2} = \frac{1}{n} \sum_i \delta_{2,i} \quad
# \frac{\partial J}{\partial W_1} = \frac{X^\top \delta_1}{n} \quad
# \frac{\partial J}{\partial b_1} = \frac{1}{n} \sum_i \delta_{1,i}$$
#
# Nuestro ejemplo con $y = 0$: $\delta_2 = 1.023$. Hacia atrás, $1.023 \cdot (2, 1) = (2.046, 1.023)$, y las pendientes
# son $(1 - 0.762^2, 1 - 0^2) = (0.420, 1)$, así que $\delta_1 = (0.859, 1.023)$. El gradiente respecto a $W_2$ es
# $(0.762, 0)^\top \cdot 1.023 = (0.779, 0)^\top$, y el de $W_1$ tiene las filas $1 \cdot \delta_1$ y
# $2 \cdot \delta_1$.
#
# Una buena costumbre: un gradiente siempre tiene la forma de aquello respecto a lo que se deriva. `z`, `a` y `o` se
# reciben tal como los calculó `forward`; no hace falta calcularlos otra vez.


# %% question="backward"
def backward(params, X, Y, z, a, o):
    """Compute the gradients of the loss by backpropagation.

    params: dict of W1, b1, W2, b2
    X: inputs (n, d_in); Y: what was wanted (n, d_out); both may be lists or hold integers
    z, a, o: arrays (n, d_hidden), (n, d_hidden), (n, d_out) that forward(params, X) has given
    returns: dict of the gradients by W1, b1, W2, b2, under these names, each in the shape of its parameter
    """
    ### BEGIN SOLUTION
    n = len(X)
    delta2 = o - np.asarray(Y)
    delta1 = (delta2 @ params["W2"].T) * (1 - np.tanh(z) ** 2)
    return {
        "W1": np.asarray(X).T @ delta1 / n,
        "b1": delta1.sum(axis=0) / n,
        "W2": a.T @ delta2 / n,
        "b2": delta2.sum(axis=0) / n,
    }
    ### END SOLUTION


# %% check="backward"
check(
    backward,
    small,
    [[1, 2]],
    [[0]],
    np.array([[1.0, 0.0]]),
    np.array([[0.76159, 0.0]]),
    np.array([[1.02319]]),
    want={"W2": [[0.779], [0.0]], "b2": [1.023], "b1": [0.859, 1.023], "W1": [[0.859, 1.023], [1.719, 2.046]]},
    en="Follow the figures in the text: delta2 = 1.023, delta1 = (0.859, 1.023); each gradient is input times delta.",
    es="Sigue las cifras del texto: delta2 = 1.023, delta1 = (0.859, 1.023); cada gradiente es entrada por delta.",
)
check(
    backward,
    small,
    [[1, 2], [0, 0], [-1, 1]],
    [[0], [1], [1]],
    np.array([[1.0, 0.0], [0.0, -1.0], [-0.25, 1.0]]),
    np.array([[0.76159, 0.0], [0.0, -0.76159], [-0.24492, 0.76159]]),
    np.array([[1.02319], [-1.26159], [-0.22824]]),
    want={
        "W2": [[0.360], [0.262]],
        "b2": [-0.822],
        "b1": [-1.991, -0.148],
        "W1": [[1.056, 0.513], [-0.197, 0.510]],
    },
    en="Three examples: the gradients are means over them, and b1, b2 are summed over the rows before dividing by n.",
    es="Tres ejemplos: los gradientes son promedios, y b1, b2 se suman sobre las filas antes de dividir entre n.",
)
"backward: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 5. Trust, but verify: numerical gradients
#
# How do you find out whether a gradient is right, when nobody prints the right figures beside it? Go back to what a
# derivative *is*. Move one single parameter $p$ by a little $h$ to either side, all others staying where they were, and
# see how the loss changes. This is the **central difference**:
#
# $$\frac{\partial J}{\partial p} \approx \frac{J(p + h) - J(p - h)}{2h}$$
#
# Its error shrinks like $h^2$, whereas that of the one-sided $\frac{J(p + h) - J(p)}{h}$ shrinks only like $h$. It
# costs two forward passes *per parameter*: hopeless for training, priceless for testing. Everyone who writes a new
# layer checks it in this way.
#
# Use your own `forward` and `loss`. Put each parameter back before you move the next one.

# %% [markdown] lang="es"
# ## 5. Confiar, pero verificar: gradientes numéricos
#
# ¿Cómo averiguas si un gradiente es correcto cuando nadie imprime las cifras al lado? Vuelve a lo que una derivada
# *es*. Mueve un solo parámetro $p$ un poquito, $h$, hacia cada lado, con todos los demás quietos, y mira cómo cambia el
# error. Es la **diferencia central**:
#
# $$\frac{\partial J}{\partial p} \approx \frac{J(p + h) - J(p - h)}{2h}$$
#
# Su error se reduce como $h^2$; el de la diferencia de un solo lado, $\frac{J(p + h) - J(p)}{h}$, solo como $h$. Cuesta
# dos pasadas hacia delante *por parámetro*: inservible para entrenar, valiosísima para probar. Quien escribe una capa
# nueva la verifica así.
#
# Usa tus propias `forward` y `loss`. Devuelve cada parámetro a su lugar antes de mover el siguiente.


# %% question="numerical_gradient"
def numerical_gradient(params, X, Y, h):
    """Approximate the gradients of the loss by central differences, one parameter after the other.

    params: dict of W1, b1, W2, b2; X: inputs (n, d_in); Y: what was wanted (n, d_out)
    h: how far each parameter is moved to either side
    returns: dict like that of backward: an array for each of W1, b1, W2, b2, in its shape
    """
    ### BEGIN SOLUTION
    gradients = {}
    for name, values in params.items():
        gradients[name] = np.zeros(values.shape)
        for index in np.ndindex(values.shape):
            sides = []
            for step in (h, -h):
                moved = values.astype(float)
                moved[index] += step
                _, _, o = forward({**params, name: moved}, X)
                sides.append(loss(o, Y))
            gradients[name][index] = (sides[0] - sides[1]) / (2 * h)
    return gradients
    ### END SOLUTION


# %% check="numerical_gradient"
check(
    numerical_gradient,
    small,
    [[1, 2], [0, 0], [-1, 1]],
    [[0], [1], [1]],
    1e-5,
    want={
        "W2": [[0.360], [0.262]],
        "b2": [-0.822],
        "b1": [-1.991, -0.148],
        "W1": [[1.056, 0.513], [-0.197, 0.510]],
    },
    en="The same as backward's: move one entry at a time by +h and by -h, and divide by 2h.",
    es="Lo mismo que da backward: mueve una entrada a la vez en +h y en -h, y divide entre 2h.",
)
"numerical_gradient: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# Now let your two answers, found on entirely different ways, check each other on a larger random network. Differences
# of about $10^{-10}$ are rounding; anything near $10^{-2}$ would be a mistake.

# %% [markdown] lang="es"
# Ahora deja que tus dos respuestas, halladas por caminos del todo distintos, se comprueben una a la otra en una red
# aleatoria más grande. Diferencias de alrededor de $10^{-10}$ son redondeo; algo cercano a $10^{-2}$ sería un error.


# %% check="numerical_gradient"
def largest_differences():
    """Compare backward with numerical_gradient on a random network, parameter by parameter."""
    rng = np.random.default_rng(1)
    params = init_params(3, 5, 2, 1)
    X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    by_formula = backward(params, X, Y, *forward(params, X))
    by_moving = numerical_gradient(params, X, Y, 1e-5)
    return {key: np.abs(by_formula[key] - by_moving[key]).max() for key in params}


check(
    largest_differences,
    name="backward, numerical_gradient",
    want={"W1": 0.0, "b1": 0.0, "W2": 0.0, "b2": 0.0},
    en="The two ways differ: the parameter named above is the one to look at.",
    es="Los dos caminos difieren: el parámetro que se nombra arriba es el que hay que mirar.",
    atol=1e-6,
)
{key: f"{difference:.1e}" for key, difference in largest_differences().items()}

# %% [markdown] lang="en"
# ## 6. One step downhill
#
# The gradient points to where the loss grows fastest, so we go the other way. For every parameter $p$ with the
# **learning rate** $\alpha$:
#
# $$p \leftarrow p - \alpha \, \frac{\partial J}{\partial p}$$
#
# Return a *new* dict and leave the one you were given as it was: whoever calls you may still need the old parameters,
# to compare or to go back.

# %% [markdown] lang="es"
# ## 6. Un paso cuesta abajo
#
# El gradiente apunta hacia donde el error crece más rápido; vamos, pues, en sentido contrario. Para cada parámetro $p$,
# con la **tasa de aprendizaje** $\alpha$ (*learning rate*):
#
# $$p \leftarrow p - \alpha \, \frac{\partial J}{\partial p}$$
#
# Devuelve un diccionario *nuevo* y deja como estaba el que recibiste: quien te llama puede necesitar todavía los
# parámetros anteriores, para comparar o para volver atrás.


# %% question="sgd_step"
def sgd_step(params, grads, learning_rate):
    """Take one step of gradient descent.

    params, grads: dicts of W1, b1, W2, b2; learning_rate: a number above 0
    returns: a new dict with the new parameters; params and grads stay as they were
    """
    ### BEGIN SOLUTION
    return {name: params[name] - learning_rate * grads[name] for name in params}
    ### END SOLUTION


# %% check="sgd_step"
slopes = {
    "W1": np.array([[1.0, 0.0], [-2.0, 4.0]]),
    "b1": np.array([2.0, -2.0]),
    "W2": np.array([[0.5], [-1.0]]),
    "b2": np.array([3.0]),
}
check(
    sgd_step,
    small,
    slopes,
    0.1,
    want={"W1": [[0.4, -1.0], [0.45, 0.6]], "b1": [-0.2, -0.8], "W2": [[1.95], [1.1]], "b2": [-0.8]},
    en="Old value minus learning rate times gradient, for weights and biases alike.",
    es="Valor anterior menos tasa de aprendizaje por gradiente, para pesos y sesgos por igual.",
)
"sgd_step: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 7. Training
#
# Put the pieces together. One **epoch** here looks at all examples at once (*full batch*):
#
# 1. forward: compute `z`, `a`, `o` with the present parameters;
# 2. note the loss, **before** anything is changed;
# 3. backward: *all four* gradients, still with the present parameters;
# 4. one step: change all four at once.
#
# The order matters: a layer that is changed before the blame has passed through it sends back the wrong blame.
#
# `train` returns the parameters after the last step, and the list of the losses, one per epoch.

# %% [markdown] lang="es"
# ## 7. Entrenamiento
#
# Junta las piezas. Aquí una **época** (*epoch*) mira todos los ejemplos a la vez (*full batch*):
#
# 1. hacia delante: calcula `z`, `a`, `o` con los parámetros actuales;
# 2. anota el error, **antes** de cambiar nada;
# 3. hacia atrás: *los cuatro* gradientes, todavía con los parámetros actuales;
# 4. un paso: cambia los cuatro a la vez.
#
# El orden importa: una capa que se cambia antes de que la culpa haya pasado por ella devuelve una culpa equivocada.
#
# `train` devuelve los parámetros después del último paso y la lista de los errores, uno por época.


# %% question="train"
def train(params, X, Y, learning_rate, epochs):
    """Train the network by gradient descent on all examples at once.

    params: where to start, a dict of W1, b1, W2, b2 that stays as it was
    X: inputs (n, d_in); Y: what is wanted (n, d_out); learning_rate: a number; epochs: how many steps to take
    returns: (params, losses): the dict after the last step, and a list with the loss before each step
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        z, a, o = forward(params, X)
        losses.append(loss(o, Y))
        params = sgd_step(params, backward(params, X, Y, z, a, o), learning_rate)
    return params, losses
    ### END SOLUTION


# %% check="train"
def three_steps(params, X, Y):
    """Train for three epochs; give the losses and what has become of the biases."""
    after, losses = train(params, X, Y, 0.1, 3)
    return {"losses": np.array(losses), "b1": after["b1"], "b2": after["b2"]}


check(
    three_steps,
    small,
    [[1, 2], [0, 0], [-1, 1]],
    [[0], [1], [1]],
    name="train",
    want={"losses": [1.278, 0.748, 0.527], "b1": [0.401, -0.992], "b2": [-0.352]},
    en="Each loss is noted before its step; every step uses gradients of the present parameters.",
    es="Cada error se anota antes de su paso; cada paso usa gradientes de los parámetros actuales.",
)
"train: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# The moment of truth: XOR, with four hidden units. The predictions should end within a few hundredths of 0, 1, 1, 0.
#
# Where Matplotlib is installed, the cell also draws the learning curve and what the network answers between the four
# points. Look for the bend that a single layer cannot make; then change the seed, the hidden units or the learning
# rate in the call of `learn_xor`, and see what becomes of both pictures.

# %% [markdown] lang="es"
# La hora de la verdad: XOR, con cuatro unidades ocultas. Las predicciones deberían terminar a unas centésimas de 0, 1,
# 1, 0.
#
# Si Matplotlib está instalado, la celda dibuja además la curva de aprendizaje y lo que la red responde entre los
# cuatro puntos. Busca la curva que una sola capa no puede trazar; después cambia la semilla, las unidades
# ocultas o la tasa de aprendizaje en la llamada a `learn_xor` y mira qué pasa con los dos dibujos.

# %% check="train"
xor_inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
xor_targets = np.array([[0], [1], [1], [0]])


def learn_xor(hidden, seed, learning_rate, epochs):
    """Train on the four points; give the parameters, the losses, and what the network answers in the end."""
    params, losses = train(init_params(2, hidden, 1, seed), xor_inputs, xor_targets, learning_rate, epochs)
    return params, losses, forward(params, xor_inputs)[2]


check(
    lambda *choices: learn_xor(*choices)[2],
    4,
    3,
    0.5,
    1000,
    name="train",
    want=xor_targets,
    en="XOR is not learnt yet: look at backward first.",
    es="Todavía no aprende XOR: mira primero backward.",
    atol=0.1,
)
trained, losses, answers = learn_xor(4, 3, 0.5, 1000)
for epoch in (0, 10, 50, 100, 200, 500, 999):
    print(f"epoch / época {epoch:4}   loss / error {losses[epoch]:.6f}")
print(np.round(answers, 3))

if "ipykernel" in sys.modules and importlib.util.find_spec("matplotlib"):
    import matplotlib.pyplot as plt

    figure, (curve, plane) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
    curve.semilogy(losses)
    curve.set(xlabel="epoch / época", ylabel="loss / error")
    grid = np.linspace(-0.5, 1.5, 80)
    points = np.array([(x1, x2) for x2 in grid for x1 in grid])
    heights = forward(trained, points)[2].reshape(80, 80)
    plane.contourf(grid, grid, heights, levels=20, cmap="RdBu")
    plane.contour(grid, grid, heights, levels=[0.5], colors="black")
    plane.scatter(*xor_inputs.T, c=xor_targets.ravel(), cmap="RdBu", edgecolors="black", s=80)
    plane.set(xlabel="$x_1$", ylabel="$x_2$")
    plt.show()

# %% [markdown] manual="explain" lang="en"
# ## 8. In your own words (2 points, graded by a person)
#
# Suppose `init_params` gave **all** parameters the value 0.
#
# 1. Follow one step of training with the formulas: which of the four gradients are 0 whatever the examples are, and
#    why?
# 2. What is the best that this network can ever answer on XOR, and why does more training not help?
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required. You may
# try it in a cell of your own.

# %% [markdown] manual="explain" lang="es"
# ## 8. Con tus palabras (2 puntos, califica una persona)
#
# Supón que `init_params` diera a **todos** los parámetros el valor 0.
#
# 1. Sigue un paso del entrenamiento con las fórmulas: ¿cuáles de los cuatro gradientes son 0 sean cuales sean los
#    ejemplos, y por qué?
# 2. ¿Qué es lo mejor que esa red puede llegar a responder en XOR, y por qué no ayuda entrenar más?
#
# Responde en la celda siguiente: haz doble clic en ella y escribe. Puedes usar LaTeX entre signos de dólar, pero no es
# obligatorio. Puedes probarlo en una celda tuya.

# %% [markdown] answer="explain"

# %% [markdown] lang="en"
# ## Before you submit
#
# Choose *Kernel → Restart Kernel and Run All Cells*, see that every check passes, save, and submit this notebook. A
# function that works only because of a cell you have deleted will not work for the grader either.

# %% [markdown] lang="es"
# ## Antes de entregar
#
# Elige *Kernel → Restart Kernel and Run All Cells* (reiniciar y ejecutar todo), mira que pasen todas las
# comprobaciones, guarda y entrega este cuaderno. Una función que solo anda gracias a una celda que borraste tampoco
# andará cuando se califique.
