# %% [markdown] lang="en"
# # Squared error: one name, several formulas
#
# A model predicts the two exam grades of eight students, and it is wrong every time; the question is by how much, in
# one number. For quantities (grades, prices, temperatures, positions) that number is nearly always a **squared
# error**. The idea fits on one line. The trouble begins with the details: libraries, books and slides all write "MSE"
# and mean four different things, and a model trained with the wrong one learns several times too fast or too slowly.
#
# You will write three short functions, the loss that TensorFlow computes, its gradient, and the half of the squared
# error that textbooks derive backpropagation from, and answer one question in words. Plan for about an hour. Knowing
# NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Error cuadrático: un nombre, varias fórmulas
#
# Un modelo predice las dos notas de ocho estudiantes, y se equivoca todas las veces; la pregunta es por cuánto, en un
# solo número. Para cantidades (notas, precios, temperaturas, posiciones) ese número es casi siempre un **error
# cuadrático**. La idea cabe en una línea. El problema son los detalles: bibliotecas, libros y diapositivas escriben
# todos «MSE» (*mean squared error*) y quieren decir cuatro cosas distintas, y un modelo entrenado con la equivocada
# aprende varias veces más rápido o más lento de lo debido.
#
# Vas a escribir tres funciones cortas, la función de error que calcula TensorFlow, su gradiente, y la mitad del error
# cuadrático con la que los libros deducen la retropropagación, y a responder una pregunta con palabras. Calcula más o
# menos una hora. Basta con saber NumPy.
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

from autograder.release.visible_checks import CheckFailed, check, draw

# %% [markdown] lang="en"
# ## 1. Mean squared error
#
# Grades that eight students got (N1, N2), and what an untrained model predicted for them (P1, P2). The last column adds
# up the squared differences of a row; for the first student, $(16 - 7)^2 + (44 - 7.2)^2 = 81 + 1354.24$:
#
# | N1 | N2 | P1 | P2 | sum of squares |
# |---|---|---|---|---|
# | 7 | 7.2 | 16 | 44 | 1435.24 |
# | 4.5 | 5.2 | 12 | 40 | 1267.29 |
# | 6.3 | 6 | 23 | 69 | 4247.89 |
# | 5.4 | 4.4 | 24 | 70 | 4649.32 |
# | 8.2 | 9.5 | 14 | 51 | 1755.89 |
# | 7.2 | 8.1 | 14 | 54 | 2153.05 |
# | 5.5 | 10 | 24.4 | 80.6 | 5341.57 |
# | 3 | 4.3 | 17 | 66 | 4002.89 |
# | | | | | mean: **3106.6425** |
#
# With $n$ examples in rows and $d$ outputs in columns, true values $Y$ and predictions $\hat Y$, that last column is
# $s_i = \sum_{j=1}^{d} (\hat Y_{ij} - Y_{ij})^2$. All of these are called mean squared error somewhere:
#
# | | formula | for the table |
# |---|---|---|
# | mean over all entries (TensorFlow, `np.mean`) | $\frac{1}{nd} \sum_i s_i$ | 1553.32125 |
# | sum over outputs, mean over examples (the lecture) | $\frac{1}{n} \sum_i s_i$ | 3106.6425 |
# | half of that (textbooks on backpropagation) | $\frac{1}{2n} \sum_i s_i$ | 1553.32125 |
# | half of one example's squares (the same, for $n = 1$) | $\frac{1}{2} s_i$ | 717.62 for the first row |
#
# All have their minimum in the same place, so which one is a matter of agreement. In this course **`mse` is the
# first**: divide by the number of *entries*, $n \cdot d$. (That the first and the third agree here is an accident:
# $d$ happens to be 2. Do not let it fool you.)
#
# **A trap that makes no noise.** Models with one output often predict a column of shape `(n, 1)`, while the true values
# come as a vector of shape `(n,)`. NumPy does not complain about the difference:

# %% [markdown] lang="es"
# ## 1. Error cuadrático medio
#
# Las notas que sacaron ocho estudiantes (N1, N2) y lo que un modelo sin entrenar predijo para ellos (P1, P2). La última
# columna suma los cuadrados de las diferencias de una fila; para el primer estudiante, $(16 - 7)^2 + (44 - 7.2)^2 =
# 81 + 1354.24$:
#
# | N1 | N2 | P1 | P2 | suma de cuadrados |
# |---|---|---|---|---|
# | 7 | 7.2 | 16 | 44 | 1435.24 |
# | 4.5 | 5.2 | 12 | 40 | 1267.29 |
# | 6.3 | 6 | 23 | 69 | 4247.89 |
# | 5.4 | 4.4 | 24 | 70 | 4649.32 |
# | 8.2 | 9.5 | 14 | 51 | 1755.89 |
# | 7.2 | 8.1 | 14 | 54 | 2153.05 |
# | 5.5 | 10 | 24.4 | 80.6 | 5341.57 |
# | 3 | 4.3 | 17 | 66 | 4002.89 |
# | | | | | promedio: **3106.6425** |
#
# Con $n$ ejemplos en las filas y $d$ salidas en las columnas, valores verdaderos $Y$ y predicciones $\hat Y$, esa
# última columna es $s_i = \sum_{j=1}^{d} (\hat Y_{ij} - Y_{ij})^2$. Todo esto se llama «error cuadrático medio» en
# alguna parte:
#
# | | fórmula | para la tabla |
# |---|---|---|
# | promedio de todas las entradas (TensorFlow, `np.mean`) | $\frac{1}{nd} \sum_i s_i$ | 1553.32125 |
# | suma sobre salidas, promedio sobre ejemplos (la clase) | $\frac{1}{n} \sum_i s_i$ | 3106.6425 |
# | la mitad de eso (libros, al explicar retropropagación) | $\frac{1}{2n} \sum_i s_i$ | 1553.32125 |
# | la mitad de los cuadrados de un ejemplo (lo mismo, con $n = 1$) | $\frac{1}{2} s_i$ | 717.62 en la primera fila |
#
# Todas tienen su mínimo en el mismo lugar, así que elegir una es cuestión de acuerdo. En este curso **`mse` es la
# primera**: divide entre la cantidad de *entradas*, $n \cdot d$. (Que la primera y la tercera coincidan aquí es
# casualidad: justo $d$ vale 2. Que no te engañe.)
#
# **Una trampa silenciosa.** Los modelos de una sola salida suelen predecir una columna de forma `(n, 1)`, mientras que
# los valores verdaderos llegan como un vector de forma `(n,)`. NumPy no protesta por la diferencia:

# %%
true_values = np.array([1.0, 2.0, 3.0])
perfect_predictions = np.array([[1.0], [2.0], [3.0]])
perfect_predictions - true_values

# %% [markdown] lang="en"
# A table of 3 times 3: every prediction minus every true value, and a "mean squared error" of 1.33 for a perfect model.
# Many a training that "does not converge" has been this. Your function shall refuse to answer instead.
#
# **What your function must hold to**
# - `y_true` and `y_pred` have the same shape, `(n, d)` or `(n,)`; each may be a list, or hold integers (also unsigned
#   8-bit ones, where $3 - 5$ is 254: turn them into floats *before* you subtract) or 32-bit floats.
# - If the shapes differ, it raises a `ValueError`, even if NumPy could stretch one to the other.
# - The result is one float; the arguments are left as they were.

# %% [markdown] lang="es"
# Una tabla de 3 por 3: cada predicción menos cada valor verdadero, y un «error cuadrático medio» de 1.33 para un modelo
# perfecto. Muchos entrenamientos que «no convergen» han sido esto. Tu función debe negarse a responder.
#
# **Lo que tu función debe cumplir**
# - `y_true` y `y_pred` tienen la misma forma, `(n, d)` o `(n,)`; cada una puede ser una lista, o contener enteros
#   (también de 8 bits sin signo, donde $3 - 5$ da 254: conviértelos en flotantes *antes* de restar) o flotantes de 32
#   bits.
# - Si las formas difieren, lanza un `ValueError`, aunque NumPy pudiera estirar una hasta la otra.
# - El resultado es un solo flotante; los argumentos quedan como estaban.


# %% question="mse"
def mse(y_true, y_pred):
    """Give the mean of the squared differences over all entries.

    y_true: true values, shape (n, d) or (n,)
    y_pred: predictions, of the same shape
    returns: one float, 0 or more
    raises: ValueError if the shapes differ
    """
    ### BEGIN SOLUTION
    y_true = np.asarray(y_true, dtype=float)
    y_pred = np.asarray(y_pred, dtype=float)
    if y_true.shape != y_pred.shape:
        raise ValueError(f"true values of shape {y_true.shape} and predictions of shape {y_pred.shape}")
    return np.mean((y_pred - y_true) ** 2)
    ### END SOLUTION


# %% check="mse"
grades = [[7, 7.2], [4.5, 5.2], [6.3, 6], [5.4, 4.4], [8.2, 9.5], [7.2, 8.1], [5.5, 10], [3, 4.3]]
predicted = [[16, 44], [12, 40], [23, 69], [24, 70], [14, 51], [14, 54], [24.4, 80.6], [17, 66]]
check(
    mse,
    [[7, 7.2]],
    [[16, 44]],
    want=717.62,
    en="The first student: 81 and 1354.24, and their mean, not their sum.",
    es="El primer estudiante: 81 y 1354.24, y su promedio, no su suma.",
)
check(
    mse,
    grades,
    predicted,
    want=1553.32125,
    en="All 16 squares, divided by 16. (3106.6425 is the sum over outputs, averaged over students.)",
    es="Los 16 cuadrados, divididos entre 16. (3106.6425 es la suma sobre salidas, promediada sobre estudiantes.)",
)
check(
    mse,
    [[1, 2, 3], [4, 5, 6]],
    [[1, 2, 6], [4, 5, 6]],
    want=1.5,
    en="One difference of 3 among 6 entries: 9 / 6.",
    es="Una sola diferencia de 3 entre 6 entradas: 9 / 6.",
)
check(
    mse,
    np.array([3, 200], dtype=np.uint8),
    np.array([5, 100], dtype=np.uint8),
    want=5002.0,
    en="Turn both arguments into floats before you subtract: unsigned integers have no -2.",
    es="Convierte los dos argumentos en flotantes antes de restar: los enteros sin signo no tienen -2.",
)
try:
    mse(true_values, perfect_predictions)
except ValueError:
    pass
else:
    raise CheckFailed(
        "mse takes shapes (3,) and (3, 1) together without a complaint: compare the shapes first.\n"
        "mse acepta juntas las formas (3,) y (3, 1) sin protestar: compara antes las formas."
    )
"mse: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# Where is the minimum? Suppose a model knows nothing about the students and predicts one constant for every first grade
# (N1). The picture shows the error for constants from 0 to 12; the printed pair is the best of them and its error.
# Compare it with the mean and the variance of the grades: a model is worth something only if it beats that.

# %% [markdown] lang="es"
# ¿Dónde está el mínimo? Supongamos que un modelo no sabe nada de los estudiantes y predice una misma constante como
# primera nota (N1) de todos. El dibujo muestra el error con constantes de 0 a 12; el par impreso es la mejor de ellas y
# su error. Compáralo con el promedio y la varianza de las notas: un modelo vale algo solo si supera eso.

# %% check="mse"
first_grades = np.array(grades)[:, 0]
constants = np.linspace(0, 12, 241)
errors = [mse(first_grades, np.full(8, constant)) for constant in constants]
draw(constants, {"mse": errors}, xlabel="constant prediction / predicción constante")
best = constants[np.argmin(errors)]
print("best constant / mejor constante:", round(best, 2), "  mse:", round(min(errors), 3))
print("mean / promedio:", round(first_grades.mean(), 2), "  variance / varianza:", round(first_grades.var(), 3))

# %% [markdown] lang="en"
# ## 2. Its gradient
#
# To improve, a model asks: if this one prediction rose a little, how would the loss change? Each prediction occurs in
# one square only, and the derivative of $(\hat y - y)^2$ by $\hat y$ is $2 (\hat y - y)$. The factor in front of the
# sum stays:
#
# $$\frac{\partial\, \mathrm{mse}}{\partial \hat Y_{ij}} = \frac{2}{n d} \left( \hat Y_{ij} - Y_{ij} \right)$$
#
# For the first student alone ($n = 1$, $d = 2$) that is $(9, 36.8)$; among all eight, the same row is $(1.125, 4.6)$.
# The sign: where the prediction is too high, the slope is positive, and going *against* the gradient lowers it.
#
# **What your function must hold to**: the result is an array of floats with the shape of `y_pred`. Kinds of input as
# before. You need not compare shapes again.

# %% [markdown] lang="es"
# ## 2. Su gradiente
#
# Para mejorar, un modelo pregunta: si esta predicción subiera un poco, ¿cómo cambiaría el error? Cada predicción
# aparece en un solo cuadrado, y la derivada de $(\hat y - y)^2$ respecto de $\hat y$ es $2 (\hat y - y)$. El factor
# delante de la suma se queda:
#
# $$\frac{\partial\, \mathrm{mse}}{\partial \hat Y_{ij}} = \frac{2}{n d} \left( \hat Y_{ij} - Y_{ij} \right)$$
#
# Para el primer estudiante solo ($n = 1$, $d = 2$) eso es $(9, 36.8)$; entre los ocho, la misma fila es $(1.125, 4.6)$.
# El signo: donde la predicción es demasiado alta, la pendiente es positiva, e ir *en contra* del gradiente la baja.
#
# **Lo que tu función debe cumplir**: el resultado es un arreglo de flotantes con la forma de `y_pred`. Tipos de entrada
# como antes. No hace falta que compares otra vez las formas.


# %% question="mse_grad"
def mse_grad(y_true, y_pred):
    """Give the gradient of mse(y_true, y_pred) by the predictions.

    y_true: true values, shape (n, d) or (n,)
    y_pred: predictions, of the same shape
    returns: an array of floats with the shape of y_pred
    """
    ### BEGIN SOLUTION
    y_true = np.asarray(y_true, dtype=float)
    y_pred = np.asarray(y_pred, dtype=float)
    return 2.0 * (y_pred - y_true) / y_pred.size
    ### END SOLUTION


# %% check="mse_grad"
check(
    mse_grad,
    [[7, 7.2]],
    [[16, 44]],
    want=[[9.0, 36.8]],
    en="Twice the difference (prediction minus truth), divided by the number of entries, here 2.",
    es="El doble de la diferencia (predicción menos verdad), dividido entre la cantidad de entradas, aquí 2.",
)
check(
    mse_grad,
    [1.0, 2.0, 3.0, 4.0],
    [1.0, 2.0, 3.0, 2.0],
    want=[0.0, 0.0, 0.0, -1.0],
    en="One prediction is too low by 2: its slope is negative, -4 / 4.",
    es="Una predicción se queda corta en 2: su pendiente es negativa, -4 / 4.",
)
check(
    mse_grad,
    grades,
    predicted,
    want=[
        [1.125, 4.6],
        [0.9375, 4.35],
        [2.0875, 7.875],
        [2.325, 8.2],
        [0.725, 5.1875],
        [0.85, 5.7375],
        [2.3625, 8.825],
        [1.75, 7.7125],
    ],
    en="The loss was divided by 16, so its gradient is too.",
    es="El error se dividió entre 16, y su gradiente también.",
)
"mse_grad: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# A derivative can be checked without any formula: move one prediction a tiny step up and a tiny step down, and see how
# much the loss changed. Such *central differences* will find most mistakes in most gradients you ever write. Here for
# the 44 of the table; the two numbers should agree to many digits.

# %% [markdown] lang="es"
# Una derivada se puede comprobar sin ninguna fórmula: mueve una predicción un pasito hacia arriba y otro hacia abajo, y
# mira cuánto cambió el error. Estas *diferencias centrales* descubren la mayoría de los errores en la mayoría de los
# gradientes que escribas. Aquí, para el 44 de la tabla; los dos números deberían coincidir en muchas cifras.

# %% check="mse_grad"
step = np.zeros((8, 2))
step[0, 1] = 1e-4
measured = (mse(grades, predicted + step) - mse(grades, predicted - step)) / 2e-4
print("measured / medido:", measured, "  mse_grad:", mse_grad(grades, predicted)[0, 1])

# %% [markdown] lang="en"
# ## 3. Half of the squared norm
#
# Derivations of backpropagation start from another convention: the *mean over the examples of half the squared
# distance* between prediction and truth,
#
# $$H = \frac{1}{n} \sum_{i=1}^{n} \frac{1}{2} \left\lVert \hat Y_i - Y_i \right\rVert^2
#     = \frac{1}{2n} \sum_{i=1}^{n} \sum_{j=1}^{d} \left( \hat Y_{ij} - Y_{ij} \right)^2$$
#
# The half is there for one reason: it cancels the 2 of the derivative, and the gradient is simply
# $(\hat Y - Y) / n$, *output minus target*. Note what is missing: it does not divide by the number of outputs $d$. You
# will need this function when you write your own network.
#
# For a batch with $d = 3$: true values 0 and predictions $(3, 0, 0)$, $(0, 4, 0)$ give squared distances 9 and 16,
# halves 4.5 and 8, and the mean is $6.25$ (`mse` gives $25 / 6 = 4.17$).
#
# **What your function must hold to**: one float; kinds of input as before. A vector of shape `(n,)` counts as $n$
# examples with one output each.

# %% [markdown] lang="es"
# ## 3. La mitad de la norma al cuadrado
#
# Las deducciones de la retropropagación parten de otra convención: el *promedio sobre los ejemplos de la mitad de la
# distancia al cuadrado* entre predicción y verdad,
#
# $$H = \frac{1}{n} \sum_{i=1}^{n} \frac{1}{2} \left\lVert \hat Y_i - Y_i \right\rVert^2
#     = \frac{1}{2n} \sum_{i=1}^{n} \sum_{j=1}^{d} \left( \hat Y_{ij} - Y_{ij} \right)^2$$
#
# La mitad está ahí por una sola razón: cancela el 2 de la derivada, y el gradiente es simplemente $(\hat Y - Y) / n$,
# *salida menos objetivo*. Fíjate en lo que falta: no divide entre la cantidad de salidas $d$. Necesitarás esta función
# cuando escribas tu propia red.
#
# Para un lote con $d = 3$: valores verdaderos 0 y predicciones $(3, 0, 0)$, $(0, 4, 0)$ dan distancias al cuadrado 9 y
# 16, mitades 4.5 y 8, y el promedio es $6.25$ (`mse` da $25 / 6 = 4.17$).
#
# **Lo que tu función debe cumplir**: un solo flotante; tipos de entrada como antes. Un vector de forma `(n,)` cuenta
# como $n$ ejemplos de una salida cada uno.


# %% question="half_mse"
def half_mse(y_true, y_pred):
    """Give the mean over the examples of half the squared distance between truth and prediction.

    y_true: true values, shape (n, d), or (n,) for n examples with one output
    y_pred: predictions, of the same shape
    returns: one float, 0 or more
    """
    ### BEGIN SOLUTION
    y_true = np.asarray(y_true, dtype=float)
    y_pred = np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / (2 * len(y_pred))
    ### END SOLUTION


# %% check="half_mse"
check(
    half_mse,
    [[0, 0, 0], [0, 0, 0]],
    [[3, 0, 0], [0, 4, 0]],
    want=6.25,
    en="Half of 9, half of 16, and the mean of both: divide by the number of rows, not of entries.",
    es="La mitad de 9, la mitad de 16, y el promedio de ambas: divide entre la cantidad de filas, no de entradas.",
)
check(
    half_mse,
    [1.0, 2.0, 3.0],
    [1.0, 2.0, 6.0],
    want=1.5,
    en="A vector holds three examples with one output each: 9 / (2 * 3).",
    es="Un vector contiene tres ejemplos de una salida cada uno: 9 / (2 * 3).",
)
check(
    half_mse,
    grades,
    predicted,
    want=1553.32125,
    en="Half of 3106.6425.",
    es="La mitad de 3106.6425.",
)
"half_mse: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] manual="explain" lang="en"
# ## 4. In your own words (2 points, graded by a person)
#
# Two teams train the same network with $d = 10$ outputs on the same batches, by gradient descent with learning rate
# 0.1. Team A minimises `mse`, team B `half_mse`.
#
# 1. How many times larger are the gradients of one team than those of the other? Derive it from the formulas.
# 2. Team A sees its network learn far more slowly and wants to copy team B's training exactly, without changing its
#    loss. What should it do? And do the two losses differ in which predictions are best?
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 4. Con tus palabras (2 puntos, califica una persona)
#
# Dos equipos entrenan la misma red de $d = 10$ salidas con los mismos lotes, por descenso de gradiente con tasa de
# aprendizaje 0.1. El equipo A minimiza `mse`; el equipo B, `half_mse`.
#
# 1. ¿Cuántas veces mayores son los gradientes de un equipo que los del otro? Dedúcelo de las fórmulas.
# 2. El equipo A ve que su red aprende mucho más lento y quiere copiar exactamente el entrenamiento del equipo B, sin
#    cambiar su función de error. ¿Qué debe hacer? ¿Y difieren las dos funciones en cuáles son las mejores predicciones?
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
