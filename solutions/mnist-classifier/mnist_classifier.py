# %% [markdown] lang="en"
# # Reading digits: a classifier of one layer
#
# Write a program that tells a handwritten 3 from a handwritten 8. With rules? "A 3 is open on the left" fails on the
# first sloppy 3. Every attempt of that kind failed for decades; what works is to show the program thousands of labelled
# images and let it find out by itself what matters. **MNIST** is the classic collection: 70,000 images of 28 x 28 grey
# pixels, one handwritten digit each, written by clerks and by school children.
#
# All parts are known to you from the earlier assignments: a linear layer gives ten scores, softmax turns them into
# probabilities, the cross-entropy says how wrong they are, and its gradient tells every weight where to go. Here you
# put them together to a complete classifier, with what any training needs: preparing data, mini-batches, epochs, and an
# honest test on images that it has never seen. About nine digits in ten will be right, with a single layer.
#
# You will write six functions, train on real digits where they are at hand, look at what the weights have learnt, and
# answer one question in words. Plan for about an hour. Knowing NumPy is enough.
#
# **How to work.** Write your code where a cell says `raise NotImplementedError`, and replace that line. The cell after
# it is a *visible check*: run it as often as you like. The final grade comes from other examples of the same kind, so
# write for any input that fits the description, not for the figures shown here.

# %% [markdown] lang="es"
# # Leer dígitos: un clasificador de una capa
#
# Escribe un programa que distinga un 3 escrito a mano de un 8. ¿Con reglas? «Un 3 está abierto a la izquierda» falla
# con el primer 3 descuidado. Todos los intentos de ese tipo fracasaron durante décadas; lo que sí anda es mostrarle al
# programa miles de imágenes con su etiqueta y dejar que descubra por sí mismo qué importa. **MNIST** es la colección
# clásica: 70 000 imágenes de 28 x 28 píxeles grises, cada una con un dígito escrito a mano por empleados o escolares.
#
# Ya conoces todas las piezas por las tareas anteriores: una capa lineal da diez puntuaciones, softmax las convierte en
# probabilidades, la entropía cruzada dice qué tan equivocadas están y su gradiente le dice a cada peso hacia dónde ir.
# Aquí las juntas en un clasificador completo, con lo que necesita cualquier entrenamiento: preparar los datos,
# mini-lotes, épocas y una prueba honesta con imágenes que nunca vio. Acertará unos nueve dígitos de cada diez, con una
# sola capa.
#
# Vas a escribir seis funciones, a entrenar con dígitos reales si los hay a mano, a mirar qué aprendieron los pesos y a
# responder una pregunta con palabras. Calcula más o menos una hora. Basta con saber NumPy.
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
import copy
import gzip
import importlib.util
import os
import sys
from pathlib import Path

import numpy as np

from autograder.release.visible_checks import CheckFailed, shown


def same(one, other):
    """Return whether two arguments, dicts of arrays included, hold the same numbers."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return np.array_equal(one, other)


def check(function, *arguments, want, en, es, atol=6e-4, name=""):
    """Call the function and compare each part of the result with `want`; say in both languages what is not right."""
    name = name or function.__name__
    before = copy.deepcopy(arguments)
    try:
        got = function(*arguments)
    except NotImplementedError:
        raise CheckFailed(f"{name} is not written yet.\n{name} aún no está escrita.") from None
    want, got = (value if isinstance(value, dict) else {"": value} for value in (want, got))
    for part, right in want.items():
        value, figures = np.asarray(got.get(part)), np.asarray(right, dtype=float)
        fits = value.dtype.kind == "f" and value.shape == figures.shape
        if not fits or not np.allclose(value, figures, rtol=0, atol=atol):
            raise CheckFailed(
                f"{name}: {part or 'the result / el resultado'} is not right yet / aún no es correcto\n"
                f"got / obtenido:\n{shown(value)}\nwanted / esperado:\n{shown(figures)}\n{en}\n{es}"
            )
    if not same(dict(enumerate(before)), dict(enumerate(arguments))):
        raise CheckFailed(f"{name} changed its arguments: work on copies.\n{name} modificó sus argumentos: usa copias.")


# %% [markdown] lang="en"
# ## The digits
#
# The next cell looks for digits and says what it has found, in this order:
#
# 1. MNIST in its own format: the files `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz` (or those that
#    begin with `t10k`) in a folder `mnist` beside this notebook, or wherever the environment variable `MNIST` points;
# 2. MNIST as Keras keeps it in your home folder, once it has downloaded it;
# 3. the 1,797 smaller handwritten digits that come with scikit-learn, enlarged to 28 x 28;
# 4. if there is nothing else, digits *drawn by program*. They serve to learn how it is done, but no person wrote them,
#    and an accuracy on them says nothing about handwriting.
#
# At most 10,000 images are used, in random order. A fifth of them is **held out**: it is kept for the test at the end,
# and training never sees it.

# %% [markdown] lang="es"
# ## Los dígitos
#
# La celda siguiente busca dígitos y dice qué encontró, en este orden:
#
# 1. MNIST en su propio formato: los archivos `train-images-idx3-ubyte.gz` y `train-labels-idx1-ubyte.gz` (o los que
#    empiezan con `t10k`) en una carpeta `mnist` junto a este cuaderno, o donde señale la variable de entorno `MNIST`;
# 2. MNIST como lo guarda Keras en tu carpeta personal, una vez que lo descargó;
# 3. los 1797 dígitos manuscritos, más pequeños, que trae scikit-learn, ampliados a 28 x 28;
# 4. si no hay nada más, dígitos *dibujados por programa*. Sirven para aprender cómo se hace, pero no los escribió
#    ninguna persona, y acertarlos no dice nada sobre la escritura a mano.
#
# Se usan como mucho 10 000 imágenes, en orden aleatorio. Una quinta parte se **reserva** (*held out*): se guarda para
# la prueba final, y el entrenamiento nunca la ve.


# %%
def mnist_folder():
    """Read MNIST's IDX files: a header of 16 bytes before the images, of 8 before the labels."""

    def content(name, header):
        path = next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), folder / name)
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return np.frombuffer(data, dtype=np.uint8, offset=header)

    folder = Path(os.environ.get("MNIST", "mnist"))
    part = "train" if list(folder.glob("train-images-idx3-ubyte*")) else "t10k"
    images = content(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    return images, content(f"{part}-labels-idx1-ubyte", 8), "MNIST"


def keras_cache():
    """Read the file in which Keras keeps MNIST."""
    with np.load(Path("~/.keras/datasets/mnist.npz").expanduser()) as arrays:
        return arrays["x_train"], arrays["y_train"], "MNIST"


def scikit_learn():
    """Enlarge the digits of scikit-learn: each pixel becomes a square of 3 x 3, with a margin of 2."""
    from sklearn.datasets import load_digits

    bundled = load_digits()
    large = np.pad(bundled.images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    return np.rint(large * (255 / 16)).astype(np.uint8), bundled.target, "scikit-learn's digits / de scikit-learn"


def drawn():
    """Draw digits in a font of 5 x 7, enlarged, shifted, with gaps and noise."""
    font = """
.###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. ...#. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....#
#...# ..#.. .#... #...# ...#. #...# #...# .#... #...# ...#.
.###. .###. ##### .###. ...#. .###. .###. .#... .###. .##..
"""
    shapes = np.array([[[c == "#" for c in glyph] for glyph in row.split()] for row in font.split("\n") if row])
    shapes = shapes.swapaxes(0, 1).repeat(3, axis=1).repeat(3, axis=2)
    rng = np.random.default_rng(0)
    digits = rng.integers(10, size=2500)
    pictures = np.zeros((len(digits), 28, 28))
    for picture, digit in zip(pictures, digits, strict=True):
        top, left = rng.integers(0, 7), rng.integers(3, 10)
        picture[top : top + 21, left : left + 15] = shapes[digit] * rng.integers(120, 256)
    pictures *= rng.random(pictures.shape) > 0.15
    pictures += rng.integers(80, size=pictures.shape)
    return np.minimum(pictures, 255).astype(np.uint8), digits, "drawn by program, not handwritten / hechos por programa"


for find in (mnist_folder, keras_cache, scikit_learn, drawn):
    try:
        images, labels, source = find()
        break
    except (ImportError, OSError, RuntimeError):
        continue

order = np.random.default_rng(0).permutation(len(images))[:10_000]
held, rest = np.split(order, [len(order) // 5])
train_images, train_labels = images[rest], labels[rest].astype(int)
test_images, test_labels = images[held], labels[held].astype(int)

print(f"digits / dígitos: {source}")
print(f"{len(rest)} to train / para entrenar, {len(held)} held out / reservados")
print(f"the first one is labelled / el primero tiene la etiqueta {train_labels[0]}:")
print("\n".join("".join(" .:*#"[pixel // 52] for pixel in row) for row in train_images[0][2:26:2]))

# %% [markdown] lang="en"
# ## 1. From images to vectors
#
# A grey image is a table of numbers: 28 rows of 28 pixels, each a whole number from 0 (black) to 255 (white), stored in
# a single byte (`uint8`). A layer wants something else: one **row of floats per example**, of moderate size.
#
# - *Flatten*: the rows of an image are put one after the other, 28 · 28 = 784 numbers.
# - *Scale*: divide by 255, so that 0 stays 0 and 255 becomes 1. With pixels up to 255 the scores would be hundreds of
#   times larger, and so would the gradients; every step would overshoot.
#
# | pixel | 0 | 51 | 102 | 255 |
# |---|---|---|---|---|
# | becomes | 0 | 0.2 | 0.4 | 1 |
#
# Beware of computing in bytes: `//` throws the fractions away, and a `uint8` that passes 255 starts again at 0.

# %% [markdown] lang="es"
# ## 1. De imágenes a vectores
#
# Una imagen gris es una tabla de números: 28 filas de 28 píxeles, cada uno un entero de 0 (negro) a 255 (blanco)
# guardado en un solo byte (`uint8`). Una capa quiere otra cosa: **una fila de flotantes por ejemplo**, de tamaño
# moderado.
#
# - *Aplanar*: las filas de la imagen se ponen una tras otra, 28 · 28 = 784 números.
# - *Escalar*: divide entre 255, de modo que 0 sigue siendo 0 y 255 se convierte en 1. Con píxeles de hasta 255 las
#   puntuaciones serían cientos de veces mayores, y los gradientes también; cada paso se pasaría de largo.
#
# | píxel | 0 | 51 | 102 | 255 |
# |---|---|---|---|---|
# | se convierte en | 0 | 0.2 | 0.4 | 1 |
#
# Cuidado con calcular en bytes: `//` tira las fracciones, y un `uint8` que pasa de 255 vuelve a empezar en 0.


# %% question="prepare"
def prepare(images):
    """Turn grey images into rows of floats between 0 and 1.

    images: whole numbers 0..255 of shape (n, 28, 28), usually uint8; may be a list of images
    returns: floats (n, 784), each image row by row
    """
    ### BEGIN SOLUTION
    return np.reshape(images, (len(images), 784)) / 255
    ### END SOLUTION


# %% check="prepare"
dots = np.zeros((2, 28, 28), dtype=np.uint8)
dots[0, 0, 1], dots[0, 1, 0], dots[1, 27, 27] = 255, 51, 102
flat = np.zeros((2, 784))
flat[0, 1], flat[0, 28], flat[1, 783] = 1.0, 0.2, 0.4
check(
    prepare,
    dots,
    want=flat,
    en="784 floats per image, row after row, each pixel divided by 255.",
    es="784 flotantes por imagen, fila tras fila, cada píxel dividido entre 255.",
)
"prepare: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 2. Ten probabilities
#
# The layer has two parameters, kept in a dict: weights `W` of shape `(d, c)`, one column per class, and biases `b` of
# shape `(c,)`. For digits, $d = 784$ and $c = 10$.
#
# $$z = X W + b \qquad p = \operatorname{softmax}(z)$$
#
# Each row of $p$ is a distribution over the classes. An example with $d = 2$ and $c = 3$: with $x = (1, 0.5)$,
#
# $$W = \begin{pmatrix} 3 & 6 & 2 \\ 2 & 4 & 0 \end{pmatrix} \quad b = (0, 0, 1) \quad \Rightarrow \quad
# z = (4, 8, 3) \quad \Rightarrow \quad p = (0.018, 0.976, 0.007)$$
#
# As in the assignment on softmax, take away the largest score of each row before the exponential: scores up to
# $\pm 10^4$ must give neither overflow nor `nan`.

# %% [markdown] lang="es"
# ## 2. Diez probabilidades
#
# La capa tiene dos parámetros, guardados en un diccionario: pesos `W` de forma `(d, c)`, una columna por clase, y
# sesgos `b` de forma `(c,)`. Para los dígitos, $d = 784$ y $c = 10$.
#
# $$z = X W + b \qquad p = \operatorname{softmax}(z)$$
#
# Cada fila de $p$ es una distribución sobre las clases. Un ejemplo con $d = 2$ y $c = 3$: con $x = (1, 0.5)$,
#
# $$W = \begin{pmatrix} 3 & 6 & 2 \\ 2 & 4 & 0 \end{pmatrix} \quad b = (0, 0, 1) \quad \Rightarrow \quad
# z = (4, 8, 3) \quad \Rightarrow \quad p = (0.018, 0.976, 0.007)$$
#
# Como en la tarea sobre softmax, resta la mayor puntuación de cada fila antes de la exponencial: puntuaciones de hasta
# $\pm 10^4$ no deben dar desbordamiento ni `nan`.


# %% question="predict_proba"
def predict_proba(params, X):
    """Give the probability of each class for each example.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); may be a list of rows, or hold integers
    returns: floats (n, c); each row adds up to 1
    """
    ### BEGIN SOLUTION
    z = np.asarray(X) @ params["W"] + params["b"]
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="predict_proba"
layer = {"W": np.array([[3.0, 6.0, 2.0], [2.0, 4.0, 0.0]]), "b": np.array([0.0, 0.0, 1.0])}
check(
    predict_proba,
    layer,
    [[1, 0.5], [0, 1]],
    want=[[0.018, 0.976, 0.007], [0.114, 0.844, 0.042]],
    en="Scores X W + b, then softmax along each row.",
    es="Puntuaciones X W + b, después softmax a lo largo de cada fila.",
)
check(
    predict_proba,
    layer,
    [[1000, 0], [0, -1000]],
    want=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    en="Large scores overflow exp: shift each row by its own maximum.",
    es="Las puntuaciones grandes desbordan exp: desplaza cada fila por su propio máximo.",
)
"predict_proba: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 3. The loss and its gradients
#
# The labels `y` are whole numbers, the classes themselves. The loss is the mean **cross-entropy**, which looks at the
# probability of the right class only:
#
# $$J = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i}$$
#
# Its gradient by the scores is as simple as can be: *what was said minus what was right*. With the one-hot rows $Y$,
#
# $$\delta = \frac{p - Y}{n} \qquad \frac{\partial J}{\partial W} = X^\top \delta \qquad
# \frac{\partial J}{\partial b} = \sum_i \delta_i$$
#
# Our example with $y = 0$: the loss is $-\ln 0.018 = 4.025$ and $\delta = (0.018 - 1, 0.976, 0.007)$. The gradient by
# $W$ has the rows $1 \cdot \delta$ and $0.5 \cdot \delta$: a pixel that was 0 has no say, and its weights get no blame.
#
# **No `inf`.** A confident mistake has $p = 0$ in floating point, and $\ln 0 = -\infty$. Do not take the logarithm of a
# probability, and do not hide the matter by adding a small number: take the logarithm on paper first, as in
# `log_softmax`. With $z'$ for the scores of a row minus their largest,
#
# $$\ln p_k = z'_k - \ln \sum_j e^{z'_j}$$

# %% [markdown] lang="es"
# ## 3. El error y sus gradientes
#
# Las etiquetas `y` son números enteros: las clases mismas. El error es el promedio de la **entropía cruzada**, que solo
# mira la probabilidad de la clase correcta:
#
# $$J = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i}$$
#
# Su gradiente respecto a las puntuaciones no puede ser más simple: *lo dicho menos lo correcto*. Con las filas one-hot
# $Y$,
#
# $$\delta = \frac{p - Y}{n} \qquad \frac{\partial J}{\partial W} = X^\top \delta \qquad
# \frac{\partial J}{\partial b} = \sum_i \delta_i$$
#
# Nuestro ejemplo con $y = 0$: el error es $-\ln 0.018 = 4.025$ y $\delta = (0.018 - 1, 0.976, 0.007)$. El gradiente
# respecto a $W$ tiene las filas $1 \cdot \delta$ y $0.5 \cdot \delta$: un píxel que valía 0 no tuvo voz, y sus pesos no
# cargan con culpa.
#
# **Sin `inf`.** Un error cometido con total seguridad tiene $p = 0$ en punto flotante, y $\ln 0 = -\infty$. No tomes el
# logaritmo de una probabilidad ni tapes el asunto sumando un número pequeño: toma primero el logaritmo en papel, como
# en `log_softmax`. Con $z'$ para las puntuaciones de una fila menos la mayor de ellas,
#
# $$\ln p_k = z'_k - \ln \sum_j e^{z'_j}$$


# %% question="loss_and_grads"
def loss_and_grads(params, X, y):
    """Compute the mean cross-entropy and its gradients.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); y: labels (n,), whole numbers 0..c-1; both may be lists
    returns: (loss, grads): one float, and a dict of the gradients by W and b, in their shapes
    """
    ### BEGIN SOLUTION
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=1)
    loss = np.mean(np.log(sums) - shifted[rows, y])
    delta = exponentials / sums[:, np.newaxis]
    delta[rows, y] -= 1
    delta /= len(y)
    return float(loss), {"W": X.T @ delta, "b": delta.sum(axis=0)}
    ### END SOLUTION


# %% check="loss_and_grads"
def named_parts(params, X, y):
    """Give the loss and the two gradients under their names."""
    loss, grads = loss_and_grads(params, X, y)
    return {"loss": loss, **grads}


check(
    named_parts,
    layer,
    [[1, 0.5]],
    [0],
    name="loss_and_grads",
    want={"loss": 4.025, "W": [[-0.982, 0.976, 0.007], [-0.491, 0.488, 0.003]], "b": [-0.982, 0.976, 0.007]},
    en="Follow the figures in the text: delta is p minus one-hot, W's gradient is X^T delta.",
    es="Sigue las cifras del texto: delta es p menos one-hot, y el gradiente de W es X^T delta.",
)
check(
    named_parts,
    layer,
    [[1, 0.5], [0, 1]],
    [0, 2],
    name="loss_and_grads",
    want={"loss": 3.597, "W": [[-0.491, 0.488, 0.003], [-0.188, 0.666, -0.477]], "b": [-0.434, 0.910, -0.476]},
    en="Two examples: everything is a mean over them, and b's gradient is summed over the rows.",
    es="Dos ejemplos: todo es un promedio sobre ellos, y el gradiente de b se suma sobre las filas.",
)
check(
    named_parts,
    layer,
    [[1000, 0]],
    [2],
    name="loss_and_grads",
    want={"loss": 3999.0},
    en="The probability has become 0: compute its logarithm from the shifted scores.",
    es="La probabilidad llegó a 0: calcula su logaritmo a partir de las puntuaciones desplazadas.",
)
"loss_and_grads: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 4. Mini-batches
#
# One step could use all examples (exact, slow) or a single one (fast, erratic). In practice one takes some dozens or
# hundreds, a **mini-batch**: its mean gradient is a good guess at the true one, and one product of matrices handles
# them much faster than one after the other. One **epoch** is one pass in which *every* example is seen *exactly once*.
#
# With $n = 10$ examples and a `batch_size` of 4, an epoch has three batches, of 4, 4 and **2** examples. The last,
# short one is kept: otherwise some examples would be left out.
#
# The order is shuffled anew for each epoch, or the network would learn from the order as well; sorted digits would make
# it believe, by the end, that everything is a 9. So batches are lists of *positions*, with which one then picks from
# both `X` and `y`. The `seed` makes the order repeatable.

# %% [markdown] lang="es"
# ## 4. Mini-lotes
#
# Un paso podría usar todos los ejemplos (exacto, lento) o uno solo (rápido, errático). En la práctica se toman unas
# decenas o centenas, un **mini-lote** (*mini-batch*): su gradiente promedio es una buena conjetura del verdadero, y un
# solo producto de matrices los procesa mucho más rápido que uno tras otro. Una **época** es una pasada en la que
# *todos* los ejemplos se ven *exactamente una vez*.
#
# Con $n = 10$ ejemplos y un `batch_size` de 4, una época tiene tres lotes, de 4, 4 y **2** ejemplos. El último, más
# corto, se conserva: si no, algunos ejemplos quedarían fuera.
#
# El orden se baraja de nuevo en cada época; si no, la red también aprendería del orden: con los dígitos ordenados
# creería, al final, que todo es un 9. Por eso los lotes son listas de *posiciones*, con las que después se elige tanto
# de `X` como de `y`. La semilla `seed` hace repetible el orden.


# %% question="minibatches"
def minibatches(n, batch_size, seed):
    """Deal n examples into batches in random order, each example into exactly one.

    n: number of examples; batch_size: examples per batch
    seed: whole number; the same seed gives the same batches, another seed gives another order
    returns: list of arrays of whole numbers, the positions 0..n-1; all of batch_size, but the last one may be shorter
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]
    ### END SOLUTION


# %% check="minibatches"
def facts(n, batch_size, seed):
    """Sum up what can be seen of the batches, whatever the order is."""
    batches, again, other = (minibatches(n, batch_size, number) for number in (seed, seed, seed + 1))
    joined = np.concatenate(batches)
    return {
        "sizes": np.array([len(batch) for batch in batches], dtype=float),
        "sorted": np.sort(joined).astype(float),
        "same seed, share of equal positions": np.mean(joined == np.concatenate(again)),
        "shuffled (1 = yes)": float(not np.array_equal(joined, np.arange(n))),
        "other seed, other order (1 = yes)": float(not np.array_equal(joined, np.concatenate(other))),
    }


check(
    facts,
    30,
    8,
    3,
    name="minibatches",
    want={
        "sizes": [8, 8, 8, 6],
        "sorted": np.arange(30),
        "same seed, share of equal positions": 1.0,
        "shuffled (1 = yes)": 1.0,
        "other seed, other order (1 = yes)": 1.0,
    },
    en="Shuffle the positions 0..n-1 with the seed, then cut them into pieces; the last piece may be short.",
    es="Baraja las posiciones 0..n-1 con la semilla y córtalas en trozos; el último puede ser corto.",
)
"minibatches: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 5. Training
#
# Now the loop that trains networks of every size:
#
# - for each epoch $e = 0, 1, 2, \dots$ take `minibatches(n, batch_size, seed + e)`, so that every epoch has an order of
#   its own;
# - for each batch: loss and gradients *of this batch* with the present parameters, then one step
#   $p \leftarrow p - \alpha \, \partial J / \partial p$ for `W` and `b`.
#
# `train` returns the final parameters and a list with one loss per epoch: the mean **over all examples** of that epoch
# of the loss that each had just before its batch's step. As the last batch may be short, weigh each batch's loss by its
# number of examples: losses 2, 4 and 9 of batches of 4, 4 and 2 give $(2 \cdot 4 + 4 \cdot 4 + 9 \cdot 2) / 10 = 4.2$.
#
# The parameters that you were given stay as they were. They may well all be 0: with a single layer nothing is
# symmetric, since each class has its own targets, and the loss has no valleys in which one could get stuck.

# %% [markdown] lang="es"
# ## 5. Entrenamiento
#
# Ahora el ciclo que entrena redes de cualquier tamaño:
#
# - para cada época $e = 0, 1, 2, \dots$ toma `minibatches(n, batch_size, seed + e)`, de modo que cada época tenga su
#   propio orden;
# - para cada lote: error y gradientes *de ese lote* con los parámetros actuales, y después un paso
#   $p \leftarrow p - \alpha \, \partial J / \partial p$ para `W` y `b`.
#
# `train` devuelve los parámetros finales y una lista con un error por época: el promedio **sobre todos los ejemplos**
# de esa época del error que cada uno tenía justo antes del paso de su lote. Como el último lote puede ser corto,
# pondera el error de cada lote por su número de ejemplos: errores 2, 4 y 9 de lotes de 4, 4 y 2 dan
# $(2 \cdot 4 + 4 \cdot 4 + 9 \cdot 2) / 10 = 4.2$.
#
# Los parámetros que recibes quedan como estaban. Pueden ser todos 0: con una sola capa nada es simétrico, porque cada
# clase tiene sus propios objetivos, y el error no tiene valles en los que uno pueda quedarse atascado.


# %% question="train"
def train(params, X, y, learning_rate, epochs, batch_size, seed):
    """Train the layer by gradient descent on mini-batches.

    params: where to start, a dict of W (d, c) and b (c,) that stays as it was
    X: inputs (n, d); y: labels (n,); learning_rate, epochs, batch_size: the hyper-parameters
    seed: epoch e, counted from 0, uses minibatches(n, batch_size, seed + e)
    returns: (params, losses): the dict after the last step, and a list of the mean loss of each epoch
    """
    ### BEGIN SOLUTION
    X, y = np.asarray(X), np.asarray(y)
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for batch in minibatches(len(X), batch_size, seed + epoch):
            loss, grads = loss_and_grads(params, X[batch], y[batch])
            params = {name: params[name] - learning_rate * grads[name] for name in params}
            total += loss * len(batch)
        losses.append(total / len(X))
    return params, losses
    ### END SOLUTION


# %% check="train"
def two_epochs(params, X, y, batch_size):
    """Train for two epochs on a few examples; give the losses and the biases."""
    after, losses = train(params, X, y, 0.5, 2, batch_size, 0)
    return {"losses": np.array(losses), "b": after["b"]}


check(
    two_epochs,
    layer,
    np.array([[1.0, 0.5], [0.0, 1.0], [0.5, 0.0]]),
    np.array([0, 2, 1]),
    3,
    name="train",
    want={"losses": [2.553, 2.162], "b": [0.218, -0.442, 1.224]},
    en="One batch holds all three examples: a step per epoch, each loss before its step.",
    es="Un lote contiene los tres ejemplos: un paso por época, cada error antes de su paso.",
)
check(
    two_epochs,
    layer,
    np.array([[1.0, 0.5], [1.0, 0.5], [1.0, 0.5]]),
    np.array([0, 0, 0]),
    2,
    name="train",
    want={"losses": [3.339, 0.535], "b": [1.288, -1.255, 0.967]},
    en="Batches of two and one: two steps per epoch; the loss of the first counts twice as much.",
    es="Lotes de dos y de uno: dos pasos por época; el error del primero cuenta el doble.",
)
"train: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 6. An honest test
#
# How good is the classifier? Its prediction is the class with the highest probability, and the **accuracy** is the
# share of predictions that are right, a number from 0 to 1. The loss says more, because it also sees *how sure* the
# classifier was.
#
# Whatever has been learnt must be judged on images that had no part in the learning: anyone can memorise. So `evaluate`
# only looks. It changes nothing, and least of all does it train.

# %% [markdown] lang="es"
# ## 6. Una prueba honesta
#
# ¿Qué tan bueno es el clasificador? Su predicción es la clase con mayor probabilidad, y la **exactitud** (*accuracy*)
# es la fracción de predicciones correctas, un número de 0 a 1. El error dice más, porque también ve *qué tan seguro*
# estaba el clasificador.
#
# Lo aprendido debe juzgarse con imágenes que no participaron en el aprendizaje: memorizar, cualquiera puede. Por eso
# `evaluate` solo mira. No cambia nada, y menos que nada entrena.


# %% question="evaluate"
def evaluate(params, X, y):
    """Measure how well the layer does on examples.

    params: dict of W (d, c) and b (c,); X: inputs (n, d); y: labels (n,)
    returns: (loss, accuracy): the mean cross-entropy, and the share of right predictions, two floats
    """
    ### BEGIN SOLUTION
    loss, _ = loss_and_grads(params, X, y)
    predictions = predict_proba(params, X).argmax(axis=1)
    return loss, float(np.mean(predictions == y))
    ### END SOLUTION


# %% check="evaluate"
def named_measures(params, X, y):
    """Give loss and accuracy under their names."""
    return dict(zip(("loss", "accuracy"), evaluate(params, X, y), strict=True))


check(
    named_measures,
    layer,
    np.array([[1.0, 0.5], [0.0, 1.0], [0.5, 0.0], [0.0, 0.0]]),
    np.array([1, 2, 1, 2]),
    name="evaluate",
    want={"loss": 1.053, "accuracy": 0.75},
    en="The prediction is the class of the highest probability; three of the four are right.",
    es="La predicción es la clase de mayor probabilidad; tres de las cuatro son correctas.",
)
"evaluate: visible checks passed / comprobaciones visibles superadas"

# %% [markdown] lang="en"
# ## 7. Train it
#
# Everything is there. Start from zeros, train on the training images, and measure on those held out. The cell takes
# batches of 128: large enough for NumPy to spend its time on the matrix products, not between them. Larger batches mean
# fewer steps per epoch, but their gradients are less erratic, so each step may be longer: hence the learning rate of
# 0.3. Then play with these **hyper-parameters**, the numbers that nobody learns for you: what happens with a learning
# rate of 5, or of 0.0001? With batches of 1, or of 1000?
#
# And what has it learnt? Each class has one weight per pixel, so the weights of a class are an image themselves: where
# a weight is positive, ink speaks *for* this digit; where it is negative, *against* it. Where Matplotlib is installed,
# the cell shows all ten (red for, blue against); without it, those of the 0 in characters (`#` and `+` for, `o` and `.`
# against). Look for the hole in the 0: ink in the middle is the best evidence that it is *not* a 0.

# %% [markdown] lang="es"
# ## 7. A entrenar
#
# Ya está todo. Empieza desde ceros, entrena con las imágenes de entrenamiento y mide con las reservadas. La celda toma
# lotes de 128: lo bastante grandes para que NumPy pase su tiempo en los productos de matrices y no entre ellos. Con
# lotes más grandes hay menos pasos por época, pero sus gradientes son menos erráticos y cada paso puede ser más largo:
# de ahí la tasa de aprendizaje de 0.3. Después juega con estos **hiperparámetros**, los números que nadie aprende por
# ti: ¿qué pasa con una tasa de aprendizaje de 5, o de 0.0001? ¿Con lotes de 1, o de 1000?
#
# ¿Y qué aprendió? Cada clase tiene un peso por píxel, así que los pesos de una clase son a su vez una imagen: donde un
# peso es positivo, la tinta habla *a favor* de ese dígito; donde es negativo, *en contra*. Si Matplotlib está
# instalado, la celda muestra las diez (rojo a favor, azul en contra); si no, la del 0 con caracteres (`#` y `+` a
# favor, `o` y `.` en contra). Busca el hueco del 0: la tinta en el centro es la mejor prueba de que *no* es un 0.

# %% check="evaluate"
learning_rate, epochs, batch_size = 0.3, 10, 128


def held_out_accuracy():
    """Train from zeros on the training images; give the parameters, the losses and the accuracy on unseen images."""
    start = {"W": np.zeros((784, 10)), "b": np.zeros(10)}
    params, losses = train(start, prepare(train_images), train_labels, learning_rate, epochs, batch_size, 0)
    return params, losses, evaluate(params, prepare(test_images), test_labels)[1]


check(
    lambda: held_out_accuracy()[2],
    name="prepare, train, evaluate",
    want=0.9,
    en="Nine in ten should be right on images never seen: look at the checks above, one after the other.",
    es="Deberían acertarse nueve de cada diez entre las nunca vistas: mira las comprobaciones de arriba, una por una.",
    atol=0.1,
)
trained, losses, accuracy = held_out_accuracy()
for epoch, loss in enumerate(losses):
    print(f"epoch / época {epoch}   loss / error {loss:.4f}")
print(f"right on images never seen / aciertos en imágenes nunca vistas: {accuracy:.1%}   ({source})")

if "ipykernel" in sys.modules and importlib.util.find_spec("matplotlib"):
    import matplotlib.pyplot as plt

    limit = np.abs(trained["W"]).max()
    figure, places = plt.subplots(2, 5, figsize=(9, 4), layout="constrained")
    for digit, place in enumerate(places.ravel()):
        place.imshow(trained["W"][:, digit].reshape(28, 28), cmap="RdBu_r", vmin=-limit, vmax=limit)
        place.set(title=str(digit), xticks=[], yticks=[])
    plt.show()
else:
    zero = trained["W"][:, 0].reshape(28, 28)[2:26:2]
    levels = np.digitize(zero / np.abs(zero).max(), [-0.4, -0.1, 0.1, 0.4])
    print("\n".join("".join("o. +#"[level] for level in row) for row in levels))

# %% [markdown] manual="explain" lang="en"
# ## 8. In your own words (2 points, graded by a person)
#
# 1. The pixel in the upper left corner is 0 in every training image. Training starts from zeros. What are the ten
#    weights of this pixel after training, and why? Say it with the formula for the gradient.
# 2. A colleague tries twenty learning rates, keeps the one with the best accuracy on the held-out images, and reports
#    that accuracy. The held-out images were never trained on. Why is the figure too good all the same, and what would
#    you do instead?
#
# Answer in the next cell: double-click on it and write. LaTeX between dollar signs is welcome, not required.

# %% [markdown] manual="explain" lang="es"
# ## 8. Con tus palabras (2 puntos, califica una persona)
#
# 1. El píxel de la esquina superior izquierda vale 0 en todas las imágenes de entrenamiento. El entrenamiento empieza
#    desde ceros. ¿Cuánto valen los diez pesos de ese píxel después de entrenar, y por qué? Dilo con la fórmula del
#    gradiente.
# 2. Un colega prueba veinte tasas de aprendizaje, se queda con la de mejor exactitud en las imágenes reservadas e
#    informa esa exactitud. Nunca se entrenó con las imágenes reservadas. ¿Por qué la cifra es, aun así, demasiado
#    buena, y qué harías tú en cambio?
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
