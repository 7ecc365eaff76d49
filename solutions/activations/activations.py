# %% [markdown] lang="en"
# # Activation functions and their derivatives
#
# Two linear layers in a row are one linear layer, and so are a hundred. What makes a network more than a regression is
# a bend between the layers: an **activation function**, applied to every number on its own. Most of
# their history fits in this notebook, from the all-or-nothing neuron to the functions that networks use today. And
# since learning means going downhill, each needs its slope as well: the **derivative** is what carries an error
# backwards through a layer.
#
# You will write sixteen functions, nearly all of them of one or two lines, and answer one question in words. Plan for
# about an hour. Knowing NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Funciones de activación y sus derivadas
#
# Dos capas lineales seguidas son una sola capa lineal, y cien también. Lo que hace de una red algo más que una
# regresión es un quiebre entre las capas: una **función de activación**, aplicada a cada número por separado. En este
# cuaderno cabe casi toda su historia, desde la neurona de todo o nada hasta las funciones que las redes usan hoy. Y
# como aprender es ir cuesta abajo, cada una necesita también su pendiente: la **derivada** es lo que lleva un error
# hacia atrás a través de una capa.
#
# Vas a escribir dieciséis funciones, casi todas de una o dos líneas, y a responder una pregunta con palabras. Calcula
# más o menos una hora. Basta con saber NumPy.
#
# **Cómo trabajar.** Escribe tu código donde una celda dice `raise NotImplementedError` y reemplaza esa línea. La celda
# siguiente es una *comprobación visible*: ejecútala cuantas veces quieras. La nota final sale de otros ejemplos del
# mismo tipo, así que escribe para cualquier entrada que cumpla la descripción, no para las cifras que ves aquí.

# %% [markdown] lang="en"
# ## Preparation
#
# Run the next cell once. It loads NumPy and defines two helpers, `check` for the visible checks and `draw` for the
# pictures; you need not read them.

# %% [markdown] lang="es"
# ## Preparación
#
# Ejecuta la celda siguiente una vez. Carga NumPy y define dos ayudas, `check` para las comprobaciones visibles y `draw`
# para los dibujos; no hace falta que las leas.

# %%
import numpy as np

from autograder.release.visible_checks import check, draw

# %% [markdown] lang="en"
# **What all your functions must hold to** (it is not repeated below)
# - `z` may be a single number, a list, or an array of any shape, of integers (of any size, also unsigned) or floats.
# - The result holds floats and has the shape of `z`. The conversion `np.asarray(z, dtype=float)` makes all of these
#   cases one.
# - Nothing becomes `nan` or infinite for $|z| \le 10^4$.
# - The arguments are left as they were.
# - Derivatives are taken by $z$ and *at* $z$: they are given the input of the activation, not its output.

# %% [markdown] lang="es"
# **Lo que todas tus funciones deben cumplir** (no se repite más abajo)
# - `z` puede ser un solo número, una lista o un arreglo de cualquier forma, de enteros (de cualquier tamaño, también
#   sin signo) o flotantes.
# - El resultado contiene flotantes y tiene la forma de `z`. La conversión `np.asarray(z, dtype=float)` reduce todos
#   estos casos a uno.
# - Nada se vuelve `nan` ni infinito para $|z| \le 10^4$.
# - Los argumentos quedan como estaban.
# - Las derivadas son respecto de $z$ y *en* $z$: reciben la entrada de la activación, no su salida.

# %% [markdown] lang="en"
# ## 1. All or nothing: step and sign
#
# The first artificial neurons, in the 1940s, fired or did not:
#
# $$\operatorname{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases} \qquad
# \operatorname{sign}(z) = \begin{cases} 1 & z > 0 \\ -1 & z < 0 \end{cases}$$
#
# `step(0)` is 1. For `sign(0)` people disagree: the lecture says 1, NumPy says 0; here both are accepted. `if z >= 0`
# cannot decide for a whole array at once, but `z >= 0` gives one truth value per entry, and `np.where` chooses by them.

# %% [markdown] lang="es"
# ## 1. Todo o nada: escalón y signo
#
# Las primeras neuronas artificiales, en los años cuarenta, disparaban o no disparaban:
#
# $$\operatorname{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases} \qquad
# \operatorname{sign}(z) = \begin{cases} 1 & z > 0 \\ -1 & z < 0 \end{cases}$$
#
# `step(0)` es 1. Sobre `sign(0)` no hay acuerdo: la clase dice 1, NumPy dice 0; aquí se aceptan ambos. `if z >= 0` no
# puede decidir por un arreglo entero a la vez, pero `z >= 0` da un valor de verdad por entrada, y `np.where` elige
# según ellos.


# %% question="step"
def step(z):
    """Give 1 where z is 0 or more, and 0 elsewhere.

    z: inputs of any shape
    returns: 0.0 or 1.0 for each, floats of the same shape
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, 0.0)
    ### END SOLUTION


# %% check="step"
check(
    step,
    [-2, -0.5, 0, 3],
    want=[0, 0, 1, 1],
    en="One float per entry; at 0 itself the step is 1.",
    es="Un flotante por entrada; en el 0 mismo, el escalón vale 1.",
)
check(step, -0.1, want=0.0, en="A single number works too.", es="Un solo número también sirve.")
"step: visible checks passed / comprobaciones visibles superadas"


# %% question="sign"
def sign(z):
    """Give 1 where z is positive and -1 where it is negative.

    z: inputs of any shape
    returns: -1.0 or 1.0 for each (at 0 either 0.0 or 1.0), floats of the same shape
    """
    ### BEGIN SOLUTION
    return np.sign(np.asarray(z, dtype=float))
    ### END SOLUTION


# %% check="sign"
check(
    sign,
    [[-2, 0.5], [7, -1]],
    want=[[-1, 1], [1, -1]],
    en="-1 below 0 and 1 above, as floats, in the shape of z.",
    es="-1 por debajo de 0 y 1 por encima, flotantes, con la forma de z.",
)
"sign: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 2. The sigmoid
#
# A step has slope 0 everywhere, so that nothing can be learned by going downhill. The **sigmoid** is a soft step:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} \qquad \sigma'(z) = \sigma(z) \, (1 - \sigma(z))$$
#
# | $z$ | $-2$ | 0 | 2 |
# |---|---|---|---|
# | $\sigma(z)$ | 0.119 | 0.5 | 0.881 |
# | $\sigma'(z)$ | 0.105 | 0.25 | 0.105 |
#
# **Both tails.** Multiply numerator and denominator by $e^z$, and you get $e^z / (1 + e^z)$: on paper, the same
# function. In a computer each form has a tail where its exponential overflows. The first one survives ($1 / \infty$ is
# 0), with a warning; the second becomes $\infty / \infty$, `nan`. Cleanest is to feed `exp` only numbers that are not
# positive.

# %% [markdown] lang="es"
# ## 2. La sigmoide
#
# Un escalón tiene pendiente 0 en todas partes, y así no se puede aprender yendo cuesta abajo. La **sigmoide** es un
# escalón suave:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} \qquad \sigma'(z) = \sigma(z) \, (1 - \sigma(z))$$
#
# | $z$ | $-2$ | 0 | 2 |
# |---|---|---|---|
# | $\sigma(z)$ | 0.119 | 0.5 | 0.881 |
# | $\sigma'(z)$ | 0.105 | 0.25 | 0.105 |
#
# **Las dos colas.** Multiplica numerador y denominador por $e^z$ y obtienes $e^z / (1 + e^z)$, la misma función en
# papel. En una computadora, cada forma tiene una cola en la que su exponencial se desborda. La primera sobrevive
# ($1 / \infty$ es 0), con un aviso; la segunda llega a $\infty / \infty$, `nan`. Lo más limpio es darle a `exp` solo
# números que no sean positivos.


# %% question="sigmoid"
def sigmoid(z):
    """Give 1 / (1 + exp(-z)).

    z: inputs of any shape
    returns: floats of the same shape, from 0 to 1
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))  # between 0 and 1, whatever z is
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION


# %% check="sigmoid"
check(
    sigmoid,
    [-2, 0, 2],
    want=[0.119, 0.5, 0.881],
    en="One over (1 plus the exponential of minus z); mind the parentheses and the sign.",
    es="Uno sobre (1 más la exponencial de menos z); atención a los paréntesis y al signo.",
)
with np.errstate(over="ignore"):
    check(
        sigmoid,
        np.array([-1000.0, 1000.0]),
        want=[0.0, 1.0],
        en="Both tails must work: which form gives inf / inf?",
        es="Las dos colas deben funcionar: ¿qué forma da inf / inf?",
    )
"sigmoid: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# Your derivative need not be clever, but here is something to know: at $z = 40$, $\sigma(z)$ rounds to exactly 1, so
# that $\sigma (1 - \sigma)$ is 0, while at $z = -40$ it is $4 \cdot 10^{-18}$, although on paper the function is
# symmetric. $\sigma(z) \, \sigma(-z)$ has no such flaw. Near 1 a float can say little, near 0 a great deal. (Both
# answers count as right.)

# %% [markdown] lang="es"
# Tu derivada no tiene que ser ingeniosa, pero conviene saber esto: en $z = 40$, $\sigma(z)$ se redondea a exactamente
# 1, y $\sigma (1 - \sigma)$ da 0, mientras que en $z = -40$ da $4 \cdot 10^{-18}$, aunque en papel la función es
# simétrica. $\sigma(z) \, \sigma(-z)$ no tiene ese defecto. Cerca de 1 un flotante puede decir poco; cerca de 0,
# muchísimo. (Ambas respuestas valen.)


# %% question="d_sigmoid"
def d_sigmoid(z):
    """Give the derivative of the sigmoid at z.

    z: inputs of the sigmoid, of any shape
    returns: floats of the same shape, from 0 to 0.25
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(np.asarray(z, dtype=float)))
    return small / (1.0 + small) ** 2
    ### END SOLUTION


# %% check="d_sigmoid"
with np.errstate(over="ignore"):
    check(
        d_sigmoid,
        [-2, 0, 2],
        want=[0.105, 0.25, 0.105],
        en="f (1 - f), where f is the sigmoid of z, not z itself.",
        es="f (1 - f), donde f es la sigmoide de z, no z misma.",
    )
    check(
        d_sigmoid,
        np.array([[-1000.0], [1000.0]]),
        want=[[0.0], [0.0]],
        en="Far out the curve is flat, on both sides.",
        es="Lejos del centro la curva es plana, a ambos lados.",
    )
"d_sigmoid: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 3. The hyperbolic tangent
#
# The sigmoid's outputs are all positive. Its cousin **tanh** is centred, from $-1$ to 1:
#
# $$\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\,\sigma(2z) - 1 \qquad \tanh'(z) = 1 - \tanh(z)^2$$
#
# | $z$ | $-1$ | 0 | 1 |
# |---|---|---|---|
# | $\tanh(z)$ | $-0.762$ | 0 | 0.762 |
# | $\tanh'(z)$ | 0.420 | 1 | 0.420 |
#
# (Some slides say $2\,\sigma(z) - 1$, and the code beside it `2*x - 1`. Try both at $z = 1$: neither is tanh.) The
# fraction overflows in both tails; NumPy has a tanh that does not, and you may use it.

# %% [markdown] lang="es"
# ## 3. La tangente hiperbólica
#
# Las salidas de la sigmoide son todas positivas. Su prima **tanh** está centrada, de $-1$ a 1:
#
# $$\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\,\sigma(2z) - 1 \qquad \tanh'(z) = 1 - \tanh(z)^2$$
#
# | $z$ | $-1$ | 0 | 1 |
# |---|---|---|---|
# | $\tanh(z)$ | $-0.762$ | 0 | 0.762 |
# | $\tanh'(z)$ | 0.420 | 1 | 0.420 |
#
# (Hay diapositivas que dicen $2\,\sigma(z) - 1$, y el código de al lado, `2*x - 1`. Prueba las dos en $z = 1$: ninguna
# es tanh.) La fracción se desborda en ambas colas; NumPy tiene una tanh que no, y puedes usarla.


# %% question="tanh"
def tanh(z):
    """Give the hyperbolic tangent.

    z: inputs of any shape
    returns: floats of the same shape, from -1 to 1
    """
    ### BEGIN SOLUTION
    return np.tanh(np.asarray(z, dtype=float))
    ### END SOLUTION


# %% check="tanh"
with np.errstate(over="ignore"):
    check(
        tanh,
        [-1, 0, 1],
        want=[-0.762, 0, 0.762],
        en="Twice the sigmoid of 2z, minus 1; or NumPy's own.",
        es="El doble de la sigmoide de 2z, menos 1; o la de NumPy.",
    )
    check(tanh, [[-1000.0, 1000.0]], want=[[-1.0, 1.0]], en="The tails are -1 and 1.", es="Las colas valen -1 y 1.")
"tanh: visible checks passed / comprobaciones visibles superadas"


# %% question="d_tanh"
def d_tanh(z):
    """Give the derivative of tanh at z.

    z: inputs of tanh, of any shape
    returns: floats of the same shape, from 0 to 1
    """
    ### BEGIN SOLUTION
    return 1.0 - np.tanh(np.asarray(z, dtype=float)) ** 2
    ### END SOLUTION


# %% check="d_tanh"
with np.errstate(over="ignore"):
    check(
        d_tanh,
        [-1, 0, 1],
        want=[0.420, 1, 0.420],
        en="1 minus the square of tanh(z).",
        es="1 menos el cuadrado de tanh(z).",
    )
"d_tanh: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# The slopes side by side, with your functions (in the printed table: $z$, sigmoid', tanh'). How high is each at its
# best, and where is it practically 0?

# %% [markdown] lang="es"
# Las pendientes, una junto a otra, con tus funciones (en la tabla impresa: $z$, sigmoid', tanh'). ¿Qué altura alcanza
# cada una, y dónde es prácticamente 0?

# %% check="d_tanh"
inputs = np.linspace(-5, 5, 201)
draw(inputs, {"sigmoid": sigmoid(inputs), "tanh": tanh(inputs)}, xlabel="z")
draw(inputs, {"d_sigmoid": d_sigmoid(inputs), "d_tanh": d_tanh(inputs)}, xlabel="z")
np.round(np.transpose([inputs, d_sigmoid(inputs), d_tanh(inputs)])[::50], 3)

# %% [markdown] lang="en"
# ## 4. ReLU and its leaky relatives
#
# The function that made deep networks practical is the simplest of all, the **rectified linear unit**:
#
# $$\operatorname{relu}(z) = \max(0, z) \qquad
# \operatorname{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}$$
#
# At 0 it has a kink and no derivative. Any slope between 0 and 1 serves there; the lecture takes 1, TensorFlow 0, and
# both are accepted. Below 0 the slope is 0: a unit that is negative for all examples learns nothing any more. **Leaky
# ReLU** leaves a small slope $\alpha$ there:
#
# $$\operatorname{leaky\_relu}(z, \alpha) = \begin{cases} z & z \ge 0 \\ \alpha z & z < 0 \end{cases}$$
#
# With $\alpha = 0.1$, $-2$ becomes $-0.2$. Where $\alpha$ is not chosen but *learned*, the function is called
# **parametric ReLU** (PReLU), and training needs its derivative by $\alpha$ as well: $z$ below 0, and 0 above.
#
# One thing to watch: leaky ReLU is often written as $\max(\alpha z, z)$. That is right only for $\alpha \le 1$, and
# nothing keeps a learned $\alpha$ there. Your functions must follow the definition for *any* $\alpha$.

# %% [markdown] lang="es"
# ## 4. ReLU y su familia
#
# La función que volvió prácticas las redes profundas es la más sencilla de todas, la **unidad lineal rectificada**:
#
# $$\operatorname{relu}(z) = \max(0, z) \qquad
# \operatorname{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}$$
#
# En 0 tiene un quiebre y no tiene derivada. Ahí sirve cualquier pendiente entre 0 y 1; la clase toma 1, TensorFlow 0, y
# se aceptan ambas. Por debajo de 0 la pendiente es 0: una unidad que sale negativa con todos los ejemplos ya no
# aprende. **Leaky ReLU** deja ahí una pequeña pendiente $\alpha$:
#
# $$\operatorname{leaky\_relu}(z, \alpha) = \begin{cases} z & z \ge 0 \\ \alpha z & z < 0 \end{cases}$$
#
# Con $\alpha = 0.1$, $-2$ pasa a ser $-0.2$. Cuando $\alpha$ no se elige sino que se *aprende*, la función se llama
# **ReLU paramétrica** (PReLU), y el entrenamiento necesita también su derivada respecto de $\alpha$: $z$ por debajo de
# 0, y 0 por encima.
#
# Un detalle: leaky ReLU se escribe a menudo como $\max(\alpha z, z)$. Eso es correcto solo si $\alpha \le 1$, y nada
# obliga a un $\alpha$ aprendido a quedarse ahí. Tus funciones deben seguir la definición para *cualquier* $\alpha$.


# %% question="relu"
def relu(z):
    """Give z where it is positive, and 0 elsewhere.

    z: inputs of any shape
    returns: floats of the same shape, 0 or more
    """
    ### BEGIN SOLUTION
    return np.maximum(np.asarray(z, dtype=float), 0.0)
    ### END SOLUTION


# %% check="relu"
check(
    relu,
    np.array([[-2, 3], [0, -1]]),
    want=[[0, 3], [0, 0]],
    en="Entry by entry the larger of z and 0, as floats, in a new array.",
    es="Entrada por entrada, el mayor entre z y 0, en flotantes y en un arreglo nuevo.",
)
check(relu, np.array([-1.5, 2.5]), want=[0, 2.5], en="z itself stays as it was.", es="z misma queda como estaba.")
"relu: visible checks passed / comprobaciones visibles superadas"


# %% question="d_relu"
def d_relu(z):
    """Give the derivative of ReLU at z.

    z: inputs of ReLU, of any shape
    returns: 0.0 or 1.0 for each (at 0 any number from 0 to 1), floats of the same shape
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z, dtype=float) > 0, 1.0, 0.0)
    ### END SOLUTION


# %% check="d_relu"
check(
    d_relu,
    [-2, 3, 0.5],
    want=[0, 1, 1],
    en="A slope, not a value: 1 to the right, 0 to the left, as floats.",
    es="Una pendiente, no un valor: 1 a la derecha, 0 a la izquierda, en flotantes.",
)
"d_relu: visible checks passed / comprobaciones visibles superadas"


# %% question="leaky_relu"
def leaky_relu(z, alpha):
    """Give z where it is 0 or more, and alpha times z elsewhere.

    z: inputs of any shape
    alpha: slope below 0, any number
    returns: floats of the same shape
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * z)
    ### END SOLUTION


# %% check="leaky_relu"
check(
    leaky_relu,
    [-2, 0, 3],
    0.1,
    want=[-0.2, 0, 3],
    en="alpha multiplies the negative numbers only.",
    es="alpha multiplica solo a los números negativos.",
)
check(
    leaky_relu,
    [-2, 0, 3],
    2,
    want=[-4, 0, 3],
    en="alpha may be larger than 1: follow the definition.",
    es="alpha puede ser mayor que 1: sigue la definición.",
)
"leaky_relu: visible checks passed / comprobaciones visibles superadas"


# %% question="d_leaky_relu"
def d_leaky_relu(z, alpha):
    """Give the derivative of leaky ReLU by z.

    z: inputs of leaky ReLU, of any shape
    alpha: slope below 0, any number
    returns: 1.0 or alpha for each (at 0 any number between them), floats of the same shape
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, float(alpha))
    ### END SOLUTION


# %% check="d_leaky_relu"
check(
    d_leaky_relu,
    [-2, 3, -0.5],
    0.1,
    want=[0.1, 1, 0.1],
    en="The two slopes of the definition: 1 above 0, alpha below.",
    es="Las dos pendientes de la definición: 1 por encima de 0, alpha por debajo.",
)
"d_leaky_relu: visible checks passed / comprobaciones visibles superadas"


# %% question="d_prelu_alpha"
def d_prelu_alpha(z, alpha):
    """Give the derivative of parametric ReLU by alpha, for each entry of z.

    z: inputs of parametric ReLU, of any shape
    alpha: slope below 0, any number
    returns: floats of the shape of z
    """
    ### BEGIN SOLUTION
    return np.minimum(np.asarray(z, dtype=float), 0.0)
    ### END SOLUTION


# %% check="d_prelu_alpha"
check(
    d_prelu_alpha,
    [-2, 3, -0.5],
    0.1,
    want=[-2, 0, -0.5],
    en="If alpha grows by a little, alpha * z changes by z times that; z alone does not change.",
    es="Si alpha crece un poquito, alpha * z cambia z veces eso; z sola no cambia.",
)
"d_prelu_alpha: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 5. ELU
#
# The **exponential linear unit** bends smoothly towards $-\alpha$ (with $\alpha > 0$) instead of breaking off:
#
# $$\operatorname{elu}(z, \alpha) = \begin{cases} z & z \ge 0 \\ \alpha (e^z - 1) & z < 0 \end{cases} \qquad
# \operatorname{elu}'(z, \alpha) = \begin{cases} 1 & z > 0 \\ \alpha e^z = \operatorname{elu}(z, \alpha) + \alpha
# & z < 0 \end{cases}$$
#
# With $\alpha = 2$: $\operatorname{elu}(-1) = 2 (0.368 - 1) = -1.264$, and the slope there is $2 \cdot 0.368 = 0.736$.
# (At 0 any slope between 1 and $\alpha$ is accepted.)
#
# **A mask is not a filter.** It is tempting to write both branches and multiply each with 0 or 1:
# `z * (z >= 0) + alpha * (np.exp(z) - 1) * (z < 0)`. See what the second half gives for a large $z$, where it should
# count for nothing:

# %% [markdown] lang="es"
# ## 5. ELU
#
# La **unidad lineal exponencial** se curva suavemente hacia $-\alpha$ (con $\alpha > 0$) en vez de cortarse:
#
# $$\operatorname{elu}(z, \alpha) = \begin{cases} z & z \ge 0 \\ \alpha (e^z - 1) & z < 0 \end{cases} \qquad
# \operatorname{elu}'(z, \alpha) = \begin{cases} 1 & z > 0 \\ \alpha e^z = \operatorname{elu}(z, \alpha) + \alpha
# & z < 0 \end{cases}$$
#
# Con $\alpha = 2$: $\operatorname{elu}(-1) = 2 (0.368 - 1) = -1.264$, y la pendiente ahí es $2 \cdot 0.368 = 0.736$.
# (En 0 se acepta cualquier pendiente entre 1 y $\alpha$.)
#
# **Una máscara no es un filtro.** Es tentador escribir las dos ramas y multiplicar cada una por 0 o 1:
# `z * (z >= 0) + alpha * (np.exp(z) - 1) * (z < 0)`. Mira qué da la segunda mitad para un $z$ grande, donde no debería
# contar nada:

# %%
large = np.array([1.0, 1000.0])
with np.errstate(over="ignore", invalid="ignore"):
    masked = (np.exp(large) - 1.0) * (large < 0)
masked

# %% [markdown] lang="en"
# $0 \cdot \infty$ is `nan`. `np.where` computes both branches too, but it picks and does not multiply; and
# `np.minimum(z, 0)` keeps large numbers away from `exp` altogether.

# %% [markdown] lang="es"
# $0 \cdot \infty$ es `nan`. `np.where` también calcula las dos ramas, pero elige y no multiplica; y `np.minimum(z, 0)`
# mantiene los números grandes lejos de `exp`.


# %% question="elu"
def elu(z, alpha):
    """Give z where it is 0 or more, and alpha * (exp(z) - 1) elsewhere.

    z: inputs of any shape
    alpha: a positive number, the distance of the lower bound from 0
    returns: floats of the same shape, above -alpha but for rounding
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0.0)))
    ### END SOLUTION


# %% check="elu"
with np.errstate(over="ignore"):
    check(
        elu,
        [-1, 0, 2],
        2,
        want=[-1.264, 0, 2],
        en="Below 0: alpha times (exp(z) minus 1).",
        es="Por debajo de 0: alpha por (exp(z) menos 1).",
    )
    check(
        elu,
        np.array([-1000.0, 1000.0]),
        0.5,
        want=[-0.5, 1000.0],
        en="Large numbers pass unchanged; 0 times infinity is nan.",
        es="Los números grandes pasan sin cambio; 0 por infinito es nan.",
    )
"elu: visible checks passed / comprobaciones visibles superadas"


# %% question="d_elu"
def d_elu(z, alpha):
    """Give the derivative of ELU by z.

    z: inputs of ELU, of any shape
    alpha: a positive number
    returns: floats of the same shape (at 0 any number between 1 and alpha)
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))
    ### END SOLUTION


# %% check="d_elu"
with np.errstate(over="ignore"):
    check(
        d_elu,
        [-1, 2],
        2,
        want=[0.736, 1],
        en="Below 0: alpha times exp(z), which is elu plus alpha; above: 1.",
        es="Por debajo de 0: alpha por exp(z), que es elu más alpha; por encima: 1.",
    )
    check(
        d_elu,
        np.array([-1000.0, 1000.0]),
        0.5,
        want=[0.0, 1.0],
        en="The tails are 0 and 1.",
        es="Las colas valen 0 y 1.",
    )
"d_elu: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# The three side by side, and their slopes (in the table: $z$, then the slope of each). Which of them leave something
# to learn from far below 0?

# %% [markdown] lang="es"
# Las tres, una junto a otra, y sus pendientes (en la tabla: $z$ y la pendiente de cada una). ¿Cuáles dejan algo de qué
# aprender muy por debajo de 0?

# %% check="d_elu"
inputs = np.linspace(-5, 5, 201)
draw(inputs, {"relu": relu(inputs), "leaky_relu": leaky_relu(inputs, 0.1), "elu": elu(inputs, 1.0)}, xlabel="z")
rectifier_slopes = [d_relu(inputs), d_leaky_relu(inputs, 0.1), d_elu(inputs, 1.0)]
draw(inputs, dict(zip(["d_relu", "d_leaky_relu", "d_elu"], rectifier_slopes, strict=True)), xlabel="z")
np.round(np.transpose([inputs, *rectifier_slopes])[:101:20], 3)

# %% [markdown] lang="en"
# ## 6. Linear and maxout
#
# At the end of a network that predicts quantities stands no bend at all: the **linear** activation
# $\operatorname{linear}(z, a, c) = a z + c$, whose derivative by $z$ is $a$, for every entry of `z`.
#
# **Maxout** replaces a fixed bend by a learned one. It has two linear layers and takes the larger result, output by
# output. Rows of `x` are examples, as always:
#
# $$\operatorname{maxout}(x) = \max(x W_1 + b_1,\; x W_2 + b_2)$$
#
# With $x = (3, 10, 9)$, the weights $(1, 2, 3)$ and bias $-46$ give 4, the weights $(4, 5, 6)$ and bias $-108$ give 8:
# a maxout unit of the two answers 8. With $W_1$ the identity and the rest 0, maxout is ReLU; can you make it the
# absolute value?

# %% [markdown] lang="es"
# ## 6. Lineal y maxout
#
# Al final de una red que predice cantidades no hay ningún quiebre: la activación **lineal**
# $\operatorname{linear}(z, a, c) = a z + c$, cuya derivada respecto de $z$ es $a$, para cada entrada de `z`.
#
# **Maxout** reemplaza el quiebre fijo por uno aprendido. Tiene dos capas lineales y toma el resultado mayor, salida por
# salida. Las filas de `x` son ejemplos, como siempre:
#
# $$\operatorname{maxout}(x) = \max(x W_1 + b_1,\; x W_2 + b_2)$$
#
# Con $x = (3, 10, 9)$, los pesos $(1, 2, 3)$ y el sesgo $-46$ dan 4; los pesos $(4, 5, 6)$ y el sesgo $-108$ dan 8: una
# unidad maxout con ambos responde 8. Si $W_1$ es la identidad y lo demás es 0, maxout es ReLU; ¿puedes convertirla en
# el valor absoluto?


# %% question="linear"
def linear(z, a, c):
    """Give a * z + c.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the same shape
    """
    ### BEGIN SOLUTION
    return a * np.asarray(z, dtype=float) + c
    ### END SOLUTION


# %% check="linear"
check(linear, [-2, 0, 3], 2, 1, want=[-3, 1, 7], en="a times z, plus c, as floats.", es="a por z, más c, en flotantes.")
"linear: visible checks passed / comprobaciones visibles superadas"


# %% question="d_linear"
def d_linear(z, a, c):
    """Give the derivative of linear by z.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the shape of z
    """
    ### BEGIN SOLUTION
    return np.full(np.shape(z), float(a))
    ### END SOLUTION


# %% check="d_linear"
check(
    d_linear,
    [[-2, 0, 3]],
    2.5,
    1,
    want=[[2.5, 2.5, 2.5]],
    en="The same slope for each entry, in the shape of z, as floats even if z holds integers.",
    es="La misma pendiente para cada entrada, con la forma de z, en flotantes aunque z contenga enteros.",
)
"d_linear: visible checks passed / comprobaciones visibles superadas"


# %% question="maxout"
def maxout(x, W1, b1, W2, b2):
    """Give the larger of two linear layers, output by output.

    x: examples, shape (n, d_in)
    W1, W2: weights, shape (d_in, d_out) each
    b1, b2: biases, shape (d_out,) each
    returns: an array of floats of shape (n, d_out)
    """
    ### BEGIN SOLUTION
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return np.maximum(x @ W1 + b1, x @ W2 + b2)
    ### END SOLUTION


# %% check="maxout"
check(
    maxout,
    [[3, 10, 9]],
    [[1], [2], [3]],
    [-46],
    [[4], [5], [6]],
    [-108],
    want=[[8]],
    en="The layers give 4 and 8; the larger counts.",
    es="Las capas dan 4 y 8; cuenta la mayor.",
)
check(
    maxout,
    [[1.0, -2.0], [-3.0, 4.0]],
    np.eye(2),
    [0, 0],
    np.zeros((2, 2)),
    [0, 0],
    want=[[1, 0], [0, 4]],
    en="ReLU as a maxout: compare output by output, not over the whole row.",
    es="ReLU como maxout: compara salida por salida, no a lo largo de toda la fila.",
)
"maxout: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] manual="explain" lang="en"
# ## 7. In your own words (2 points, graded by a person)
#
# On its way back through the layers, an error is multiplied by the slope of every activation that it passes.
#
# 1. What is the largest slope that the sigmoid has, and where? Derive it or read it off your table. What is left, at
#    best, of an error after ten sigmoid layers (count the slopes only)? And after ten layers of ReLU whose inputs are
#    all positive?
# 2. ReLU has a trouble of its own: what happens to a unit whose input is negative for every example, and how do leaky
#    ReLU and ELU help?
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 7. Con tus palabras (2 puntos, califica una persona)
#
# En su camino de vuelta por las capas, un error se multiplica por la pendiente de cada activación que atraviesa.
#
# 1. ¿Cuál es la mayor pendiente de la sigmoide, y dónde está? Dedúcela o léela en tu tabla. ¿Qué queda de un error, en
#    el mejor caso, después de diez capas con sigmoide (cuenta solo las pendientes)? ¿Y después de diez capas con ReLU
#    cuyas entradas son todas positivas?
# 2. ReLU tiene un problema propio: ¿qué le pasa a una unidad cuya entrada es negativa con todos los ejemplos, y cómo
#    ayudan leaky ReLU y ELU?
#
# Responde en la celda siguiente: haz doble clic en ella y escribe. Puedes usar LaTeX entre signos de dólar, pero no es
# obligatorio.

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
