# %% [markdown] lang="en"
# # The dot product and the linear layer
#
# How will a student do in two exams? Suppose we know three numbers about each: hours of study per week, age, and the
# average so far. The simplest model weighs each number, adds up, and corrects the level. That weighted sum is the
# **dot product**; many of them at once, for many students and several exams, are a **linear layer**. Nearly all the
# time that any neural network computes, small or huge, it computes this.
#
# You will write two functions, `dot` and `linear`, and answer one question in words. Plan for about an hour. Knowing
# NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # El producto punto y la capa lineal
#
# ¿Cómo le irá a un estudiante en dos exámenes? Supongamos que de cada uno sabemos tres números: horas de estudio por
# semana, edad y promedio hasta ahora. El modelo más simple pondera cada número, los suma y corrige el nivel. Esa suma
# ponderada es el **producto punto** (o producto escalar); muchas a la vez, para muchos estudiantes y varios exámenes,
# forman una **capa lineal**. Casi todo el tiempo que una red neuronal pasa calculando, pequeña o enorme, calcula esto.
#
# Vas a escribir dos funciones, `dot` y `linear`, y a responder una pregunta con palabras. Calcula más o menos una
# hora. Basta con saber NumPy.
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
# ## 1. The dot product
#
# Two vectors of the same length $d$, the inputs $x$ and their weights $w$, make one number:
#
# $$x \cdot w = \sum_{i=1}^{d} x_i\, w_i = x_1 w_1 + x_2 w_2 + \dots + x_d w_d$$
#
# With $x = (3, 10, 9)$ and $w = (1, 2, 3)$:
#
# | $i$ | $x_i$ | $w_i$ | $x_i w_i$ |
# |---|---|---|---|
# | 1 | 3 | 1 | 3 |
# | 2 | 10 | 2 | 20 |
# | 3 | 9 | 3 | 27 |
# | | | | sum: **50** |
#
# Write it with a loop or with NumPy's own operations, as you like; but the length may be anything, not only 3.
#
# **A trap that makes no noise.** The pixels of an image arrive as whole numbers of 8 bits (`uint8`), from 0 to 255. By
# hand, $200 \cdot 2 + 100 \cdot 3 = 700$. NumPy keeps the type of its arrays:

# %% [markdown] lang="es"
# ## 1. El producto punto
#
# Dos vectores de la misma longitud $d$, las entradas $x$ y sus pesos $w$, dan un número:
#
# $$x \cdot w = \sum_{i=1}^{d} x_i\, w_i = x_1 w_1 + x_2 w_2 + \dots + x_d w_d$$
#
# Con $x = (3, 10, 9)$ y $w = (1, 2, 3)$:
#
# | $i$ | $x_i$ | $w_i$ | $x_i w_i$ |
# |---|---|---|---|
# | 1 | 3 | 1 | 3 |
# | 2 | 10 | 2 | 20 |
# | 3 | 9 | 3 | 27 |
# | | | | suma: **50** |
#
# Escríbelo con un ciclo o con las operaciones de NumPy, como prefieras; pero la longitud puede ser cualquiera, no solo
# 3.
#
# **Una trampa silenciosa.** Los píxeles de una imagen llegan como enteros de 8 bits (`uint8`), de 0 a 255. A mano,
# $200 \cdot 2 + 100 \cdot 3 = 700$. NumPy conserva el tipo de sus arreglos:

# %%
pixels = np.array([200, 100], dtype=np.uint8)
weights = np.array([2, 3], dtype=np.uint8)
np.dot(pixels, weights)

# %% [markdown] lang="en"
# The result wraps around at 256 ($700 = 2 \cdot 256 + 188$), and there is not even a warning. Turning the inputs into
# floats *before* computing is the cure, and the reason for the rule that holds in this whole course.
#
# **What your function must hold to**
# - `x` and `w` are vectors of the same length, of any length; each may be a list, or hold integers (of any size) or
#   32-bit floats.
# - It computes in floating point, and the result is one float, even for integers: 50.0, not 50.
# - `x` and `w` themselves are left as they were.

# %% [markdown] lang="es"
# El resultado da la vuelta en 256 ($700 = 2 \cdot 256 + 188$), y ni siquiera hay un aviso. El remedio es convertir las
# entradas en flotantes *antes* de calcular, y esa es la razón de la regla que vale en todo este curso.
#
# **Lo que tu función debe cumplir**
# - `x` y `w` son vectores de la misma longitud, cualquiera que sea; cada uno puede ser una lista, o contener enteros
#   (de cualquier tamaño) o flotantes de 32 bits.
# - Calcula en punto flotante, y el resultado es un flotante, también con enteros: 50.0, no 50.
# - `x` y `w` quedan como estaban.


# %% question="dot"
def dot(x, w):
    """Give the dot product of two vectors: the sum of the products of their entries.

    x: inputs, shape (d,)
    w: weights, shape (d,)
    returns: one float
    """
    ### BEGIN SOLUTION
    return np.dot(np.asarray(x, dtype=float), np.asarray(w, dtype=float))
    ### END SOLUTION


# %% check="dot"
check(
    dot,
    [3, 10, 9],
    [1, 2, 3],
    want=50.0,
    en="Multiply entry by entry, then add up; the result is one float, whatever the inputs are.",
    es="Multiplica entrada por entrada y suma; el resultado es un flotante, sean como sean las entradas.",
)
check(
    dot,
    np.array([0.5, -1.0, 2.0, 4.0, 1.0]),
    np.array([2.0, 3.0, 0.5, -1.0, 0.0]),
    want=-5.0,
    en="These vectors have five entries: does your function go through all of them?",
    es="Estos vectores tienen cinco entradas: ¿las recorre todas tu función?",
)
check(
    dot,
    pixels,
    weights,
    want=700.0,
    en="Turn the inputs into floats before you multiply.",
    es="Convierte las entradas en flotantes antes de multiplicar.",
)
"dot: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 2. The linear layer
#
# One dot product predicts one number. For two exams we need two vectors of weights and two corrections, the **biases**
# (singular: *bias*). We put the weights side by side as the columns of a matrix `W`, and the biases into a vector `b`:
#
# $$Y = X W + b \qquad\qquad Y_{ij} = \sum_{k=1}^{d_{in}} X_{ik} W_{kj} + b_j$$
#
# | name | shape | what it holds |
# |---|---|---|
# | `X` | `(n, d_in)` | one example per **row**, one input per column |
# | `W` | `(d_in, d_out)` | one **column** of weights for each output |
# | `b` | `(d_out,)` | one bias for each output, the same for all examples |
# | result | `(n, d_out)` | one row of outputs for each example |
#
# For the student $x = (3, 10, 9)$, with weights $(1, 2, 3)$ and bias $-46$ for the first exam, $(4, 5, 6)$ and $-108$
# for the second:
#
# $$\begin{pmatrix} 3 & 10 & 9 \end{pmatrix} \begin{pmatrix} 1 & 4 \\ 2 & 5 \\ 3 & 6 \end{pmatrix}
# + \begin{pmatrix} -46 & -108 \end{pmatrix}
# = \begin{pmatrix} 50 - 46 & 116 - 108 \end{pmatrix} = \begin{pmatrix} 4 & 8 \end{pmatrix}$$
#
# In NumPy `*` multiplies entry by entry; the product of matrices is `@`. Adding `b` to an array of shape `(n, d_out)`
# lines it up with the last axis, the outputs, and repeats it for every row.
#
# **What your function must hold to**
# - `X`, `W` and `b` have the shapes of the table, with any `n`, `d_in` and `d_out`, 1 included; they may be lists, or
#   hold integers or 32-bit floats.
# - It computes in floating point; the result is an array of floats of shape `(n, d_out)`.
# - The arguments are left as they were.

# %% [markdown] lang="es"
# ## 2. La capa lineal
#
# Un producto punto predice un número. Para dos exámenes hacen falta dos vectores de pesos y dos correcciones, los
# **sesgos** (en inglés, *bias*). Ponemos los pesos uno al lado del otro, como columnas de una matriz `W`, y los sesgos
# en un vector `b`:
#
# $$Y = X W + b \qquad\qquad Y_{ij} = \sum_{k=1}^{d_{in}} X_{ik} W_{kj} + b_j$$
#
# | nombre | forma | qué contiene |
# |---|---|---|
# | `X` | `(n, d_in)` | un ejemplo por **fila**, una entrada por columna |
# | `W` | `(d_in, d_out)` | una **columna** de pesos por cada salida |
# | `b` | `(d_out,)` | un sesgo por cada salida, el mismo para todos los ejemplos |
# | resultado | `(n, d_out)` | una fila de salidas por cada ejemplo |
#
# Para el estudiante $x = (3, 10, 9)$, con pesos $(1, 2, 3)$ y sesgo $-46$ para el primer examen, $(4, 5, 6)$ y $-108$
# para el segundo:
#
# $$\begin{pmatrix} 3 & 10 & 9 \end{pmatrix} \begin{pmatrix} 1 & 4 \\ 2 & 5 \\ 3 & 6 \end{pmatrix}
# + \begin{pmatrix} -46 & -108 \end{pmatrix}
# = \begin{pmatrix} 50 - 46 & 116 - 108 \end{pmatrix} = \begin{pmatrix} 4 & 8 \end{pmatrix}$$
#
# En NumPy `*` multiplica entrada por entrada; el producto de matrices es `@`. Al sumar `b` a un arreglo de forma
# `(n, d_out)`, NumPy lo alinea con el último eje, el de las salidas, y lo repite en todas las filas.
#
# **Lo que tu función debe cumplir**
# - `X`, `W` y `b` tienen las formas de la tabla, con cualquier `n`, `d_in` y `d_out`, también 1; pueden ser listas, o
#   contener enteros o flotantes de 32 bits.
# - Calcula en punto flotante; el resultado es un arreglo de flotantes de forma `(n, d_out)`.
# - Los argumentos quedan como estaban.


# %% question="linear"
def linear(X, W, b):
    """Give the outputs of a linear layer for a batch of examples.

    X: examples, shape (n, d_in)
    W: weights, shape (d_in, d_out)
    b: biases, shape (d_out,)
    returns: an array of floats of shape (n, d_out)
    """
    ### BEGIN SOLUTION
    X, W, b = (np.asarray(argument, dtype=float) for argument in (X, W, b))
    return X @ W + b
    ### END SOLUTION


# %% check="linear"
W = [[1, 4], [2, 5], [3, 6]]
b = [-46, -108]
check(
    linear,
    [[3, 10, 9]],
    W,
    b,
    want=[[4.0, 8.0]],
    en="The product of matrices, plus the biases; one example still gives a row, shape (1, 2).",
    es="El producto de matrices, más los sesgos; un solo ejemplo también da una fila, de forma (1, 2).",
)
check(
    linear,
    [[1.0, 0.0], [0.0, 1.0]],
    [[2.0, 3.0], [5.0, 7.0]],
    [10.0, 20.0],
    want=[[12.0, 23.0], [15.0, 27.0]],
    en="In a square case mix-ups go unnoticed: rows of X meet columns of W, and b belongs to the columns.",
    es="En un caso cuadrado las confusiones no dan error: filas de X con columnas de W, y b va con las columnas.",
)
"linear: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# With your function, the eight students of the lecture: hours of study, age, average. Their true marks lie between 3
# and 10, so these weights are poor. Finding better ones is called training, and comes later in the course.

# %% [markdown] lang="es"
# Con tu función, los ocho estudiantes de la clase: horas de estudio, edad, promedio. Sus notas verdaderas están entre
# 3 y 10, así que estos pesos son malos. Encontrar otros mejores se llama entrenar, y viene más adelante en el curso.

# %% check="linear"
X = np.array(
    [[2, 24, 4], [5, 22, 3], [7, 25, 4], [9, 20, 7], [10, 19, 4], [11, 20, 3], [13.4, 21, 5], [14, 20, 3]],
)
check(
    linear,
    X,
    W,
    b,
    want=[[16, 44], [12, 40], [23, 69], [24, 70], [14, 51], [14, 54], [24.4, 80.6], [17, 66]],
    en="One row of two predictions for each of the eight students: shape (8, 2).",
    es="Una fila de dos predicciones por cada uno de los ocho estudiantes: forma (8, 2).",
)
linear(X, W, b)

# %% [markdown] manual="explain" lang="en"
# ## 3. In your own words (2 points, graded by a person)
#
# Somebody puts a second linear layer right after the first, $Y = (X W_1 + b_1)\, W_2 + b_2$, hoping that two layers
# can do more than one.
#
# 1. Multiply out, and give the weights $W$ and the biases $b$ of *one* linear layer that computes the same. Say which
#    shapes they have, with $W_1$ of shape $(d, m)$ and $W_2$ of shape $(m, c)$.
# 2. What does this say about stacking a hundred linear layers, and what must stand between two layers so that depth is
#    worth something?
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 3. Con tus palabras (2 puntos, califica una persona)
#
# Alguien pone una segunda capa lineal justo después de la primera, $Y = (X W_1 + b_1)\, W_2 + b_2$, con la esperanza
# de que dos capas puedan más que una.
#
# 1. Desarrolla el producto y da los pesos $W$ y los sesgos $b$ de *una* capa lineal que calcule lo mismo. Di qué
#    formas tienen, si $W_1$ tiene forma $(d, m)$ y $W_2$ tiene forma $(m, c)$.
# 2. ¿Qué dice esto de apilar cien capas lineales, y qué debe haber entre dos capas para que la profundidad sirva de
#    algo?
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
