# %% [markdown] lang="en"
# # Softmax: from scores to probabilities
#
# A linear model answers with raw **scores**, one per class: any numbers, positive or negative. Asked which career a
# student will choose, it might say `[4, 8, 3]` for *Systems*, *Informatics* and *Computer engineering*. The second
# class wins, but by how much? To say "I am 98 % sure", and later to train the model, we need **probabilities**:
# numbers between 0 and 1 that add up to 1. The function that turns the one into the other is *softmax*, the last step
# of nearly every classifier, from the single layer of this course to the largest language models.
#
# You will write two functions, `softmax` and `log_softmax`, and answer one question in words. Plan for about an hour.
# Knowing NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Softmax: de puntuaciones a probabilidades
#
# Un modelo lineal responde con **puntuaciones** (*scores* o *logits*), una por clase: números cualesquiera, positivos
# o negativos. Si le preguntamos qué carrera elegirá un estudiante, puede decir `[4, 8, 3]` para *Sistemas*,
# *Informática* e *Ingeniería en computación*. Gana la segunda clase, pero ¿por cuánto? Para decir «estoy seguro en un
# 98 %», y más adelante para entrenar el modelo, necesitamos **probabilidades**: números entre 0 y 1 que suman 1. La
# función que convierte lo uno en lo otro es *softmax*, el último paso de casi todos los clasificadores, desde la única
# capa de este curso hasta los mayores modelos de lenguaje.
#
# Vas a escribir dos funciones, `softmax` y `log_softmax`, y a responder una pregunta con palabras. Calcula más o menos
# una hora. Basta con saber NumPy.
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
import numpy as np

from autograder.release.visible_checks import check

# %% [markdown] lang="en"
# ## 1. Softmax
#
# For the scores $z = (z_1, \dots, z_c)$ of one example with $c$ classes,
#
# $$\operatorname{softmax}(z)_j = \frac{e^{z_j}}{\sum_{k=1}^{c} e^{z_k}}$$
#
# The exponential makes every number positive and stretches the differences; dividing by the sum makes them add up to
# 1. With $z = (4, 8, 3)$:
#
# | step | Systems | Informatics | Computer eng. | sum |
# |---|---|---|---|---|
# | score $z_j$ | 4 | 8 | 3 | |
# | $e^{z_j}$ | 54.598 | 2980.958 | 20.086 | 3055.642 |
# | probability | 0.018 | 0.976 | 0.007 | 1 (but for rounding) |
#
# **A batch.** Models look at many examples at once. A batch `Z` has shape `(n, c)`: one example per row, one class per
# column. Softmax acts on the **last axis**, so each row becomes a distribution of its own, and the result has the
# shape of the input. Summing with `keepdims=True` leaves a column of shape `(n, 1)`, which divides row by row.
#
# **Large scores.** The formula is right, and a computer still gets it wrong:

# %% [markdown] lang="es"
# ## 1. Softmax
#
# Para las puntuaciones $z = (z_1, \dots, z_c)$ de un ejemplo con $c$ clases,
#
# $$\operatorname{softmax}(z)_j = \frac{e^{z_j}}{\sum_{k=1}^{c} e^{z_k}}$$
#
# La exponencial vuelve positivos todos los números y acentúa las diferencias; dividir entre la suma hace que sumen 1.
# Con $z = (4, 8, 3)$:
#
# | paso | Sistemas | Informática | Ing. en computación | suma |
# |---|---|---|---|---|
# | puntuación $z_j$ | 4 | 8 | 3 | |
# | $e^{z_j}$ | 54.598 | 2980.958 | 20.086 | 3055.642 |
# | probabilidad | 0.018 | 0.976 | 0.007 | 1 (salvo redondeo) |
#
# **Un lote (*batch*).** Los modelos miran muchos ejemplos a la vez. Un lote `Z` tiene forma `(n, c)`: un ejemplo por
# fila, una clase por columna. Softmax actúa sobre el **último eje**, de modo que cada fila se convierte en su propia
# distribución, y el resultado tiene la misma forma que la entrada. Sumar con `keepdims=True` deja una columna de forma
# `(n, 1)`, que divide fila por fila.
#
# **Puntuaciones grandes.** La fórmula es correcta, y aun así una computadora se equivoca:

# %%
with np.errstate(over="ignore"):
    large = np.exp(np.array([3.0, 100.0, 709.0, 710.0]))
large

# %% [markdown] lang="en"
# From $e^{710}$ on there is no 64-bit float large enough, and `inf / inf` is `nan`: one large score ruins the whole
# row. The way out is a property of softmax: adding the same number to every score of a row changes nothing,
# $\operatorname{softmax}(z + k) = \operatorname{softmax}(z)$. So we may choose $k$ before taking exponentials. Which
# $k$ makes the largest exponent exactly 0, whatever the scores of that row are?
#
# **What your function must hold to**
# - `z` is a vector `(c,)` or a batch `(n, c)`; it may be a list, or hold integers or 32-bit floats.
# - The result is an array of floats with the shape of `z`. (An integer array cuts 0.976 down to 0.)
# - No overflow and no `nan` for any scores with $|z| \le 10^4$, in every row, however different the rows are.
# - `z` itself is left as it was.

# %% [markdown] lang="es"
# Desde $e^{710}$ no hay ningún número de 64 bits que alcance, e `inf / inf` es `nan`: una sola puntuación grande
# arruina toda la fila. La salida es una propiedad de softmax: sumar el mismo número a todas las puntuaciones de una
# fila no cambia nada, $\operatorname{softmax}(z + k) = \operatorname{softmax}(z)$. Podemos entonces elegir $k$ antes
# de calcular las exponenciales. ¿Qué $k$ hace que el mayor exponente sea exactamente 0, sean cuales sean las
# puntuaciones de esa fila?
#
# **Lo que tu función debe cumplir**
# - `z` es un vector `(c,)` o un lote `(n, c)`; puede ser una lista, o contener enteros o flotantes de 32 bits.
# - El resultado es un arreglo de flotantes con la forma de `z`. (Un arreglo de enteros recorta 0.976 a 0.)
# - Sin desbordamiento ni `nan` para puntuaciones con $|z| \le 10^4$, en todas las filas, por distintas que sean entre
#   sí.
# - `z` queda como estaba.


# %% question="softmax"
def softmax(z):
    """Turn scores into probabilities along the last axis.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: probabilities, an array of floats of the same shape; each row adds up to 1
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% check="softmax"
check(
    softmax,
    [4, 8, 3],
    want=[0.018, 0.976, 0.007],
    en="Exponentials first, then divide by their sum; and compute with floats even if the scores are integers.",
    es="Primero las exponenciales, después dividir entre su suma; y calcula con flotantes aunque lleguen enteros.",
)
check(
    softmax,
    [[46, 50, 50.2], [60.5, 64, 62.9]],
    want=[[0.008, 0.446, 0.545], [0.022, 0.734, 0.244]],
    en="Each row is a distribution of its own: along which axis do you add?",
    es="Cada fila es su propia distribución: ¿a lo largo de qué eje sumas?",
)
check(
    softmax,
    np.array([1000.0, 1001.0, 1002.0]),
    want=[0.090, 0.245, 0.665],
    en="Large scores overflow exp: shift the scores before taking exponentials.",
    es="Las puntuaciones grandes desbordan exp: desplázalas antes de calcular las exponenciales.",
)
"softmax: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# With your function, the eight students of the lecture: each row of `scores` comes out of a linear model, one column
# per career. Who is a clear case, and about whom does the model hardly know anything?

# %% [markdown] lang="es"
# Con tu función, los ocho estudiantes de la clase: cada fila de `scores` sale de un modelo lineal, una columna por
# carrera. ¿Quién es un caso claro, y de quién no sabe casi nada el modelo?

# %% check="softmax"
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
check(
    softmax,
    scores,
    want=[
        [0.008, 0.446, 0.545],
        [0.087, 0.389, 0.525],
        [0.087, 0.389, 0.525],
        [0.022, 0.734, 0.244],
        [0.365, 0.365, 0.270],
        [0.680, 0.152, 0.168],
        [0.547, 0.271, 0.182],
        [0.905, 0.045, 0.050],
    ],
    en="The shape is that of the scores, (8, 3), and every row adds up to 1.",
    es="La forma es la de las puntuaciones, (8, 3), y cada fila suma 1.",
)
np.round(softmax(scores), 2)

# %% [markdown] lang="en"
# ## 2. The logarithm of softmax
#
# To train a classifier we need the *logarithm* of the probability it gave to the right class. The natural one:
#
# $$\operatorname{log\_softmax}(z)_j = \ln \operatorname{softmax}(z)_j$$
#
# Computing it as written loses information. Between a score of 0 and one of 800 the loser's probability is
# $e^{-800} \approx 4 \cdot 10^{-348}$, smaller than any positive 64-bit float, so it is stored as 0, and
# $\ln 0 = -\infty$. The logarithm itself is harmless: it is $-800$. Take the logarithm of the fraction on paper first:
#
# $$\operatorname{log\_softmax}(z)_j = z_j - \ln \sum_{k=1}^{c} e^{z_k}$$
#
# No division is left, and nothing small is stored on the way. The sum still overflows when scores are large, and the
# same shift cures it; mind that both terms must use the shifted scores. With $z = (4, 8, 3)$:
# $\ln 3055.642 = 8.025$, so the result is $(-4.025, -0.025, -5.025)$.
#
# This is why libraries offer losses "from logits": they never build the probability whose logarithm they need.
#
# **What your function must hold to**: shapes, kinds of input and stability as for `softmax`; every result is finite
# and at most 0. Take logarithms to base $e$ (`np.log`).

# %% [markdown] lang="es"
# ## 2. El logaritmo de softmax
#
# Para entrenar un clasificador necesitamos el *logaritmo* de la probabilidad que le dio a la clase correcta. El
# natural:
#
# $$\operatorname{log\_softmax}(z)_j = \ln \operatorname{softmax}(z)_j$$
#
# Calcularlo tal cual pierde información. Entre una puntuación de 0 y una de 800, la probabilidad de la perdedora es
# $e^{-800} \approx 4 \cdot 10^{-348}$, menor que cualquier flotante positivo de 64 bits: se guarda como 0, y
# $\ln 0 = -\infty$. El logaritmo en sí es inofensivo: vale $-800$. Toma primero el logaritmo de la fracción en papel:
#
# $$\operatorname{log\_softmax}(z)_j = z_j - \ln \sum_{k=1}^{c} e^{z_k}$$
#
# Ya no hay división, y nada diminuto se guarda por el camino. La suma todavía se desborda con puntuaciones grandes, y
# el mismo desplazamiento lo cura; ojo: los dos términos deben usar las puntuaciones desplazadas. Con $z = (4, 8, 3)$:
# $\ln 3055.642 = 8.025$, y el resultado es $(-4.025, -0.025, -5.025)$.
#
# Por eso las bibliotecas ofrecen funciones de error «desde los logits»: nunca construyen la probabilidad cuyo
# logaritmo necesitan.
#
# **Lo que tu función debe cumplir**: formas, tipos de entrada y estabilidad como en `softmax`; todos los resultados
# son finitos y como mucho 0. Usa logaritmos en base $e$ (`np.log`).


# %% question="log_softmax"
def log_softmax(z):
    """Give the natural logarithm of softmax along the last axis, without computing softmax.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: logarithms of the probabilities, an array of floats of the same shape, finite and at most 0
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    ### END SOLUTION


# %% check="log_softmax"
check(
    log_softmax,
    [4, 8, 3],
    want=[-4.025, -0.025, -5.025],
    en="Score minus the natural logarithm of the sum of exponentials: no result is above 0.",
    es="Puntuación menos el logaritmo natural de la suma de exponenciales: ningún resultado supera 0.",
)
check(
    log_softmax,
    [[4, 8, 3], [58.5, 58.5, 58.2]],
    want=[[-4.025, -0.025, -5.025], [-1.008, -1.008, -1.308]],
    en="One sum for each row.",
    es="Una suma por cada fila.",
)
check(
    log_softmax,
    np.array([0.0, 800.0]),
    want=[-800.0, 0.0],
    en="Do not take the logarithm of a probability that became 0: use the second formula, with shifted scores.",
    es="No tomes el logaritmo de una probabilidad que llegó a 0: usa la segunda fórmula, con puntuaciones desplazadas.",
)
"log_softmax: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] manual="explain" lang="en"
# ## 3. In your own words (2 points, graded by a person)
#
# 1. Show with the formula, in one or two lines, that adding the same number $k$ to all scores does not change softmax.
# 2. Now *multiply* all scores by 2 instead. What happens to the probabilities of `[4, 8, 3]`, and why is this not the
#    same? Say what the model would seem to have become.
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 3. Con tus palabras (2 puntos, califica una persona)
#
# 1. Muestra con la fórmula, en una o dos líneas, que sumar el mismo número $k$ a todas las puntuaciones no cambia
#    softmax.
# 2. Ahora, en cambio, *multiplica* todas las puntuaciones por 2. ¿Qué les pasa a las probabilidades de `[4, 8, 3]`, y
#    por qué no es lo mismo? Di en qué parecería haberse convertido el modelo.
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
