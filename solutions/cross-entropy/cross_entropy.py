# %% [markdown] lang="en"
# # Cross-entropy: what a wrong answer costs
#
# A classifier gives every class a probability. Somebody chose *Systems*, and the model had said 1 % for it; somebody
# else chose it as well, and the model had said 91 %. Both answers are distributions, and one is far better. To train a
# model we need that difference as a number that falls as the answers improve: the **loss**. For classes it is
# *cross-entropy*, in a network for handwritten digits as in a language model that guesses the next word.
#
# You will write five short functions, from labels to the gradient that trains the last layer, and answer one question
# in words. Plan for about an hour. Knowing NumPy and softmax is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Entropía cruzada: cuánto cuesta una respuesta equivocada
#
# Un clasificador le da a cada clase una probabilidad. Alguien eligió *Sistemas*, y el modelo le había dado un 1 %; otra
# persona también la eligió, y el modelo le había dado un 91 %. Ambas respuestas son distribuciones, y una es mucho
# mejor. Para entrenar un modelo necesitamos esa diferencia como un número que baje cuando las respuestas mejoran: la
# **función de error** (*loss*). Para clases es la *entropía cruzada*, tanto en una red que lee dígitos manuscritos
# como en un modelo de lenguaje que adivina la palabra siguiente.
#
# Vas a escribir cinco funciones cortas, desde las etiquetas hasta el gradiente que entrena la última capa, y a
# responder una pregunta con palabras. Calcula más o menos una hora. Basta con saber NumPy y softmax.
#
# **Cómo trabajar.** Escribe tu código donde una celda dice `raise NotImplementedError` y reemplaza esa línea. La celda
# siguiente es una *comprobación visible*: ejecútala cuantas veces quieras. La nota final sale de otros ejemplos del
# mismo tipo, así que escribe para cualquier entrada que cumpla la descripción, no para las cifras que ves aquí.

# %% [markdown] lang="en"
# ## Preparation
#
# Run the next cell once. It loads NumPy and defines two helpers, `check` for the visible checks and `draw` for one
# picture; you need not read them.

# %% [markdown] lang="es"
# ## Preparación
#
# Ejecuta la celda siguiente una vez. Carga NumPy y define dos ayudas, `check` para las comprobaciones visibles y `draw`
# para un dibujo; no hace falta que las leas.

# %%
import numpy as np

from autograder.release.visible_checks import check, draw

# %% [markdown] lang="en"
# And run this one: the eight students of the lecture, with the label of the career that each chose (0 *Systems*, 1
# *Informatics*, 2 *Computer engineering*), the scores that a model gave to the three, and its probabilities, which are
# the softmax of the scores, rounded to two digits.

# %% [markdown] lang="es"
# Ejecuta también esta: los ocho estudiantes de la clase, con la etiqueta de la carrera que eligió cada uno (0
# *Sistemas*, 1 *Informática*, 2 *Ingeniería en computación*), las puntuaciones que un modelo les dio a las tres, y sus
# probabilidades, que son el softmax de las puntuaciones, redondeado a dos cifras.

# %%
careers = [0, 1, 1, 2, 0, 2, 1, 0]
scores = [
    [46, 50, 50.2],
    [49.5, 51, 51.3],
    [60, 61.5, 61.8],
    [60.5, 64, 62.9],
    [58.5, 58.5, 58.2],
    [61.5, 60, 60.1],
    [71, 70.3, 69.9],
    [69, 66, 66.1],
]
probabilities = [
    [0.01, 0.45, 0.55],
    [0.09, 0.39, 0.52],
    [0.09, 0.39, 0.52],
    [0.02, 0.73, 0.24],
    [0.36, 0.36, 0.27],
    [0.68, 0.15, 0.17],
    [0.55, 0.27, 0.18],
    [0.91, 0.05, 0.05],
]

# %% [markdown] lang="en"
# ## 1. Labels, in two spellings
#
# With $c$ classes, the right answer of each example is a **label**: a whole number from 0 to $c - 1$. In the lecture
# *Systems* is 0, *Informatics* 1 and *Computer engineering* 2. Formulas prefer the **one-hot** spelling: a row of
# zeros with a single 1 in the column of the class, which is also a probability distribution, one without doubts.
#
# | label | Systems | Informatics | Computer eng. |
# |---|---|---|---|
# | 0 | 1 | 0 | 0 |
# | 2 | 0 | 0 | 1 |
# | 1 | 0 | 1 | 0 |
#
# **What your function must hold to**
# - `y` holds `n` labels, as a list or as an array of integers of any size; the result is an array of *floats* of shape
#   `(n, c)`.
# - `c` is given and not to be guessed from `y`: in a small batch the last classes may well be missing.
# - In this and all functions below, the arguments are left as they were, and labels are always valid.

# %% [markdown] lang="es"
# ## 1. Las etiquetas, escritas de dos maneras
#
# Con $c$ clases, la respuesta correcta de cada ejemplo es una **etiqueta**: un número entero de 0 a $c - 1$. En la
# clase, *Sistemas* es 0, *Informática* 1 e *Ingeniería en computación* 2. Las fórmulas prefieren la codificación
# **one-hot**: una fila de ceros con un único 1 en la columna de la clase, que también es una distribución de
# probabilidad, una sin dudas.
#
# | etiqueta | Sistemas | Informática | Ing. en computación |
# |---|---|---|---|
# | 0 | 1 | 0 | 0 |
# | 2 | 0 | 0 | 1 |
# | 1 | 0 | 1 | 0 |
#
# **Lo que tu función debe cumplir**
# - `y` contiene `n` etiquetas, en una lista o en un arreglo de enteros de cualquier tamaño; el resultado es un arreglo
#   de *flotantes* de forma `(n, c)`.
# - `c` viene dado y no se adivina a partir de `y`: en un lote pequeño bien pueden faltar las últimas clases.
# - En esta y en todas las funciones que siguen, los argumentos quedan como estaban, y las etiquetas siempre son
#   válidas.


# %% question="one_hot"
def one_hot(y, c):
    """Turn labels into rows with a single 1.

    y: labels from 0 to c - 1, shape (n,)
    c: number of classes, a whole number
    returns: an array of floats of shape (n, c), 1 in the column of each label and 0 elsewhere
    """
    ### BEGIN SOLUTION
    rows = np.zeros((len(y), c))
    rows[np.arange(len(y)), y] = 1.0
    return rows
    ### END SOLUTION


# %% check="one_hot"
check(
    one_hot,
    [0, 2, 1],
    3,
    want=[[1, 0, 0], [0, 0, 1], [0, 1, 0]],
    en="One row for each label, with floats: a 1 in the column whose index is the label, and nowhere else.",
    es="Una fila por etiqueta, con flotantes: un 1 en la columna cuyo índice es la etiqueta, y en ninguna otra.",
)
check(
    one_hot,
    np.array([1, 1]),
    4,
    want=[[0, 1, 0, 0], [0, 1, 0, 0]],
    en="There are c columns, also for classes that do not occur.",
    es="Hay c columnas, también para las clases que no aparecen.",
)
"one_hot: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 2. Cross-entropy
#
# What should it cost to have given the right class a probability of $p$? Nothing if $p = 1$, more the smaller $p$ is,
# and without limit towards 0: whoever calls something impossible that then happens was as wrong as can be. The
# function is $-\ln p$:

# %% [markdown] lang="es"
# ## 2. Entropía cruzada
#
# ¿Cuánto debe costar haberle dado a la clase correcta una probabilidad $p$? Nada si $p = 1$, más cuanto menor sea $p$,
# y sin límite hacia 0: quien llama imposible a algo que luego ocurre se equivocó tanto como se puede. La función es
# $-\ln p$:

# %%
probability = np.linspace(0.01, 1.0, 200)
draw(probability, {"-ln p": -np.log(probability)}, xlabel="p")

# %% [markdown] lang="en"
# For a batch of $n$ examples with probabilities $P$ of shape `(n, c)` and labels $y$, the loss is the **mean**:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}
#     = -\frac{1}{n} \sum_{i=1}^{n} \sum_{j=1}^{c} Y_{ij} \ln P_{ij}$$
#
# where $Y$ is the one-hot form of $y$. In the double sum, the zeros of $Y$ leave one logarithm per row. Keep the first
# form in mind when you write code: a perfect model gives all other classes probability 0, and a computer makes of
# $0 \cdot \ln 0$ not 0 but `nan`.
#
# The eight students of the lecture, with the label that each one chose:
#
# | $y$ | $P_{i0}$ | $P_{i1}$ | $P_{i2}$ | $-\ln P_{i, y_i}$ |
# |---|---|---|---|---|
# | 0 | **0.01** | 0.45 | 0.55 | 4.61 |
# | 1 | 0.09 | **0.39** | 0.52 | 0.94 |
# | 1 | 0.09 | **0.39** | 0.52 | 0.94 |
# | 2 | 0.02 | 0.73 | **0.24** | 1.43 |
# | 0 | **0.36** | 0.36 | 0.27 | 1.02 |
# | 2 | 0.68 | 0.15 | **0.17** | 1.77 |
# | 1 | 0.55 | **0.27** | 0.18 | 1.31 |
# | 0 | **0.91** | 0.05 | 0.05 | 0.09 |
# | | | | | mean: **1.514** |
#
# (If your slides say 1.41: some of their logarithms are misprinted. These are right. The probabilities are rounded, so
# that not every row adds up to exactly 1.)
#
# **What your function must hold to**
# - `p` has shape `(n, c)` and may be a list or hold integers or 32-bit floats; the result is one float.
# - Natural logarithm, mean over the examples; for a single example too.
# - No constant is added to `p`, and nothing is clipped: a probability of 1e-30 costs 69.08. The right class never gets
#   exactly 0 here; the others may.

# %% [markdown] lang="es"
# Para un lote de $n$ ejemplos con probabilidades $P$ de forma `(n, c)` y etiquetas $y$, el error es el **promedio**:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}
#     = -\frac{1}{n} \sum_{i=1}^{n} \sum_{j=1}^{c} Y_{ij} \ln P_{ij}$$
#
# donde $Y$ es la forma one-hot de $y$. En la suma doble, los ceros de $Y$ dejan un solo logaritmo por fila. Al
# programar ten presente la primera forma: un modelo perfecto da probabilidad 0 a todas las demás clases, y para una
# computadora $0 \cdot \ln 0$ no es 0 sino `nan`.
#
# Los ocho estudiantes de la clase, con la etiqueta que eligió cada uno:
#
# | $y$ | $P_{i0}$ | $P_{i1}$ | $P_{i2}$ | $-\ln P_{i, y_i}$ |
# |---|---|---|---|---|
# | 0 | **0.01** | 0.45 | 0.55 | 4.61 |
# | 1 | 0.09 | **0.39** | 0.52 | 0.94 |
# | 1 | 0.09 | **0.39** | 0.52 | 0.94 |
# | 2 | 0.02 | 0.73 | **0.24** | 1.43 |
# | 0 | **0.36** | 0.36 | 0.27 | 1.02 |
# | 2 | 0.68 | 0.15 | **0.17** | 1.77 |
# | 1 | 0.55 | **0.27** | 0.18 | 1.31 |
# | 0 | **0.91** | 0.05 | 0.05 | 0.09 |
# | | | | | promedio: **1.514** |
#
# (Si tus diapositivas dicen 1.41: algunos de sus logaritmos tienen erratas. Estos son los correctos. Las
# probabilidades están redondeadas, y por eso no todas las filas suman exactamente 1.)
#
# **Lo que tu función debe cumplir**
# - `p` tiene forma `(n, c)` y puede ser una lista o contener enteros o flotantes de 32 bits; el resultado es un solo
#   flotante.
# - Logaritmo natural, promedio sobre los ejemplos; también si hay un solo ejemplo.
# - No se suma ninguna constante a `p` ni se recorta nada: una probabilidad de 1e-30 cuesta 69.08. La clase correcta
#   nunca recibe exactamente 0 aquí; las otras, quizás.


# %% question="cross_entropy"
def cross_entropy(p, y):
    """Give the mean over the batch of minus the logarithm of the right class's probability.

    p: probabilities, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more
    """
    ### BEGIN SOLUTION
    p = np.asarray(p, dtype=float)
    of_right_class = p[np.arange(len(y)), y]
    return -np.mean(np.log(of_right_class))
    ### END SOLUTION


# %% check="cross_entropy"
check(
    cross_entropy,
    [[0.01, 0.45, 0.55]],
    [0],
    want=4.605,
    en="One example: minus the natural logarithm of the probability in the label's column, as one float.",
    es="Un ejemplo: menos el logaritmo natural de la probabilidad en la columna de la etiqueta, un solo flotante.",
)
check(
    cross_entropy,
    [[0.01, 0.45, 0.55], [0.91, 0.05, 0.05]],
    [0, 0],
    want=2.350,
    en="Two examples: the mean of 4.605 and 0.094, not their sum.",
    es="Dos ejemplos: el promedio de 4.605 y 0.094, no su suma.",
)
check(
    cross_entropy,
    probabilities,
    careers,
    want=1.514,
    en="Compare your eight logarithms with the table: each row has its own column.",
    es="Compara tus ocho logaritmos con la tabla: cada fila tiene su propia columna.",
)
check(
    cross_entropy,
    np.array([[0.0, 1.0], [1.0, 0.0]]),
    np.array([1, 0]),
    want=0.0,
    en="A perfect answer costs 0. Take the logarithm of the right class's probability only.",
    es="Una respuesta perfecta cuesta 0. Toma solo el logaritmo de la probabilidad de la clase correcta.",
)
"cross_entropy: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 3. Cross-entropy from logits
#
# The probabilities come out of a softmax over scores, the *logits* $z$. When one score is 800 above the right one, the
# probability of the right class is about $10^{-348}$ and is stored as 0, the loss becomes infinite, and the training
# is over. Put softmax into the formula instead, and the logarithm undoes the exponential:
#
# $$-\ln \operatorname{softmax}(z)_y = \ln \Big( \sum_{k=1}^{c} e^{z_k} \Big) - z_y$$
#
# The loss is then about 800, large but an ordinary number. The sum can still overflow (from $e^{710}$ on). Subtracting
# the largest score of a row from all scores of that row leaves the difference as it is, and cures that: do it in *both*
# terms.
#
# With $z = (4, 8, 3)$ and label 0: $\ln(54.598 + 2980.958 + 20.086) - 4 = 8.025 - 4 = 4.025$.
#
# **What your function must hold to**: kinds of input and mean as for `cross_entropy`, with scores `z` in place of
# probabilities; and a finite, exact result for any $|z| \le 10^4$, however different the rows of a batch are.

# %% [markdown] lang="es"
# ## 3. Entropía cruzada desde los logits
#
# Las probabilidades salen de aplicar softmax a las puntuaciones, los *logits* $z$. Si una puntuación supera en 800 a la
# correcta, la probabilidad de la clase correcta es de unos $10^{-348}$ y se guarda como 0, el error se hace infinito y
# se acabó el entrenamiento. Pon en cambio softmax dentro de la fórmula, y el logaritmo deshace la exponencial:
#
# $$-\ln \operatorname{softmax}(z)_y = \ln \Big( \sum_{k=1}^{c} e^{z_k} \Big) - z_y$$
#
# El error vale entonces unos 800: grande, pero un número común. La suma todavía puede desbordarse (desde $e^{710}$).
# Restar la mayor puntuación de una fila a todas las de esa fila deja la diferencia como está y cura eso: hazlo en
# *ambos* términos.
#
# Con $z = (4, 8, 3)$ y etiqueta 0: $\ln(54.598 + 2980.958 + 20.086) - 4 = 8.025 - 4 = 4.025$.
#
# **Lo que tu función debe cumplir**: tipos de entrada y promedio como en `cross_entropy`, con puntuaciones `z` en vez
# de probabilidades; y un resultado finito y exacto para cualquier $|z| \le 10^4$, por distintas que sean las filas de
# un lote.


# %% question="cross_entropy_from_logits"
def cross_entropy_from_logits(z, y):
    """Give the cross-entropy of the softmax of scores, without computing that softmax.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more, finite for |z| up to 1e4
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return np.mean(log_sums - shifted[np.arange(len(y)), y])
    ### END SOLUTION


# %% check="cross_entropy_from_logits"
check(
    cross_entropy_from_logits,
    [[4, 8, 3]],
    [0],
    want=4.025,
    en="Logarithm of the sum of exponentials, minus the score of the right class.",
    es="Logaritmo de la suma de exponenciales, menos la puntuación de la clase correcta.",
)
check(
    cross_entropy_from_logits,
    np.array([[0.0, 800.0], [-1000.0, -1000.0]]),
    np.array([0, 1]),
    want=400.347,
    en="Here 800 and ln 2 are averaged. Shift each row by its own maximum, and compute no softmax.",
    es="Aquí se promedian 800 y ln 2. Desplaza cada fila por su propio máximo, y no calcules softmax.",
)
check(
    cross_entropy_from_logits,
    scores,
    careers,
    want=1.538,
    en="The eight students again; it was 1.514 above because those probabilities are rounded to two digits.",
    es="Otra vez los ocho estudiantes; arriba salía 1.514 porque esas probabilidades están redondeadas a dos cifras.",
)
"cross_entropy_from_logits: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 4. The gradient
#
# To learn, the model has to know in which direction each score should move. For one example,
# $L = \ln \sum_k e^{z_k} - z_y$. The derivative of the first term by $z_j$ is $e^{z_j} / \sum_k e^{z_k}$, which is
# softmax itself, and that of $-z_y$ is $-1$ for the right class and 0 for the others. So for a batch
#
# $$\frac{\partial L}{\partial z_{ij}} = \frac{1}{n} \left( \operatorname{softmax}(z_i)_j - Y_{ij} \right)$$
#
# The gradient is *what the model said minus what was true*. With $z = (4, 8, 3)$ and label 0:
#
# | | Systems | Informatics | Computer eng. | sum |
# |---|---|---|---|---|
# | softmax | 0.018 | 0.976 | 0.007 | 1 |
# | one-hot | 1 | 0 | 0 | 1 |
# | gradient | $-0.982$ | 0.976 | 0.007 | 0 (but for rounding) |
#
# Training goes against the gradient: the score of *Systems* rises, the others fall, and *Informatics*, which was most
# to blame, falls most. Look at two more things. Every row adds up to 0. And no entry is ever larger than $1/n$, however
# wrong the answer: the slope of $-\ln p$ by the probability, $-1/p$, has no such limit, but softmax's own derivative
# brings a factor $p$, which cancels it exactly. That is why softmax and cross-entropy are always used as a pair.
#
# **What your function must hold to**: the shape of `z`, floats, and everything else as for
# `cross_entropy_from_logits`. Mind the $1/n$: the loss was a mean.

# %% [markdown] lang="es"
# ## 4. El gradiente
#
# Para aprender, el modelo tiene que saber en qué dirección mover cada puntuación. Para un ejemplo,
# $L = \ln \sum_k e^{z_k} - z_y$. La derivada del primer término respecto de $z_j$ es $e^{z_j} / \sum_k e^{z_k}$, o sea
# softmax, y la de $-z_y$ es $-1$ para la clase correcta y 0 para las demás. Para un lote, entonces,
#
# $$\frac{\partial L}{\partial z_{ij}} = \frac{1}{n} \left( \operatorname{softmax}(z_i)_j - Y_{ij} \right)$$
#
# El gradiente es *lo que dijo el modelo menos lo que era verdad*. Con $z = (4, 8, 3)$ y etiqueta 0:
#
# | | Sistemas | Informática | Ing. en computación | suma |
# |---|---|---|---|---|
# | softmax | 0.018 | 0.976 | 0.007 | 1 |
# | one-hot | 1 | 0 | 0 | 1 |
# | gradiente | $-0.982$ | 0.976 | 0.007 | 0 (salvo redondeo) |
#
# El entrenamiento va en contra del gradiente: la puntuación de *Sistemas* sube, las otras bajan, e *Informática*, la
# que más culpa tenía, es la que más baja. Mira dos cosas más. Cada fila suma 0. Y ninguna entrada supera jamás $1/n$,
# por equivocada que sea la respuesta: la pendiente de $-\ln p$ respecto de la probabilidad, $-1/p$, no tiene ese
# límite, pero la derivada de softmax trae un factor $p$ que la cancela exactamente. Por eso softmax y entropía cruzada
# van siempre en pareja.
#
# **Lo que tu función debe cumplir**: la forma de `z`, flotantes, y lo demás como en `cross_entropy_from_logits`. Ojo
# con el $1/n$: el error era un promedio.


# %% question="cross_entropy_grad"
def cross_entropy_grad(z, y):
    """Give the gradient of cross_entropy_from_logits(z, y) by z.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: an array of floats of shape (n, c); each row adds up to 0
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    difference = exponentials / exponentials.sum(axis=-1, keepdims=True)
    difference[np.arange(len(y)), y] -= 1.0
    return difference / len(y)
    ### END SOLUTION


# %% check="cross_entropy_grad"
check(
    cross_entropy_grad,
    [[4, 8, 3]],
    [0],
    want=[[-0.982, 0.976, 0.007]],
    en="Softmax of the row, minus 1 in the column of the right class.",
    es="Softmax de la fila, menos 1 en la columna de la clase correcta.",
)
check(
    cross_entropy_grad,
    [[4, 8, 3], [4, 8, 3]],
    [0, 1],
    want=[[-0.491, 0.488, 0.003], [0.009, -0.012, 0.003]],
    en="Two examples: each has half the weight, because the loss is their mean.",
    es="Dos ejemplos: cada uno pesa la mitad, porque el error es su promedio.",
)
check(
    cross_entropy_grad,
    np.array([[0.0, 800.0]]),
    np.array([0]),
    want=[[-1.0, 1.0]],
    en="Shift the scores before taking exponentials.",
    es="Desplaza las puntuaciones antes de calcular las exponenciales.",
)
"cross_entropy_grad: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# Does your gradient train anything? Let the eight students' scores themselves go downhill for 200 steps, with a
# learning rate of 1, and watch the loss that your function reports (a real model would move its weights instead; that
# comes in later assignments).

# %% [markdown] lang="es"
# ¿Sirve tu gradiente para entrenar? Deja que las propias puntuaciones de los ocho estudiantes vayan cuesta abajo 200
# pasos, con una tasa de aprendizaje de 1, y mira el error que informa tu función (un modelo de verdad movería sus
# pesos; eso llega en tareas posteriores).

# %% check="cross_entropy_grad"
moving = np.array(scores)
losses = []
for _ in range(200):
    losses.append(cross_entropy_from_logits(moving, careers))
    moving = moving - 1.0 * cross_entropy_grad(moving, careers)
draw(np.arange(200), {"cross-entropy / entropía cruzada": losses}, xlabel="step / paso")
np.round(losses[::40], 3)

# %% [markdown] lang="en"
# ## 5. Accuracy
#
# For people, one number is easier to grasp: the **share of examples that the model gets right**. Its prediction is the
# class with the highest probability, `argmax` over the columns; among equals, the first one, as NumPy does.
#
# In the table above the predictions are 2, 2, 2, 1, 0, 0, 0, 0 (row 5 is such a tie). They agree with the labels 0, 1,
# 1, 2, 0, 2, 1, 0 in two rows out of eight: accuracy $2 / 8 = 0.25$.
#
# **What your function must hold to**: one float between 0 and 1, not a percentage; kinds of input as before. It works
# on scores as well as on probabilities. Why?

# %% [markdown] lang="es"
# ## 5. Exactitud (*accuracy*)
#
# Para las personas hay un número más fácil de entender: la **proporción de ejemplos que el modelo acierta**. Su
# predicción es la clase de mayor probabilidad, el `argmax` sobre las columnas; entre iguales, la primera, como hace
# NumPy.
#
# En la tabla de arriba las predicciones son 2, 2, 2, 1, 0, 0, 0, 0 (la fila 5 es uno de esos empates). Coinciden con
# las etiquetas 0, 1, 1, 2, 0, 2, 1, 0 en dos filas de ocho: exactitud $2 / 8 = 0.25$.
#
# **Lo que tu función debe cumplir**: un flotante entre 0 y 1, no un porcentaje; tipos de entrada como antes. Sirve
# tanto para puntuaciones como para probabilidades. ¿Por qué?


# %% question="accuracy"
def accuracy(p, y):
    """Give the share of examples whose most probable class is the right one.

    p: probabilities or scores, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float from 0 to 1; among equal probabilities of a row the first class counts as predicted
    """
    ### BEGIN SOLUTION
    predicted = np.argmax(p, axis=-1)
    return np.mean(predicted == np.asarray(y))
    ### END SOLUTION


# %% check="accuracy"
check(
    accuracy,
    [[0.3, 0.6, 0.1], [0.2, 0.3, 0.5], [0.9, 0.1, 0.0]],
    [1, 2, 1],
    want=0.667,
    en="Two of three: compare the column of each row's maximum with its label.",
    es="Dos de tres: compara la columna del máximo de cada fila con su etiqueta.",
)
check(
    accuracy,
    probabilities,
    careers,
    want=0.25,
    en="Two of eight: argmax over the columns, and a share instead of a count.",
    es="Dos de ocho: argmax sobre las columnas, y una proporción en vez de una cuenta.",
)
"accuracy: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] manual="explain" lang="en"
# ## 6. In your own words (2 points, graded by a person)
#
# 1. A model that knows nothing gives each of $c$ classes the probability $1/c$. What is its cross-entropy? Compute it
#    for the three careers, and compare it with the 1.514 of the table: what does that say about the lecture's model?
# 2. What we want in the end is accuracy. Why does training go down cross-entropy instead? Think of what happens to each
#    of the two when one score moves a tiny bit.
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 6. Con tus palabras (2 puntos, califica una persona)
#
# 1. Un modelo que no sabe nada le da a cada una de $c$ clases la probabilidad $1/c$. ¿Cuál es su entropía cruzada?
#    Calcúlala para las tres carreras y compárala con el 1.514 de la tabla: ¿qué dice eso del modelo de la clase?
# 2. Lo que queremos al final es exactitud. ¿Por qué el entrenamiento baja, en cambio, la entropía cruzada? Piensa qué
#    le pasa a cada una de las dos cuando una puntuación se mueve muy poquito.
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
