"""Known wrong answers to the assignment `softmax`, one mistake each; the docstring is what the student reads."""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("softmax")
def truncated_to_integers(z):
    """The results are stored in an array of integers.

    `np.zeros_like(z)` copies the dtype of `z` as well as its shape: where the scores are integers, every probability
    below 1 is cut down to 0. Which dtype should the array for the results have?

    es: Los resultados se guardan en un arreglo de enteros.

    `np.zeros_like(z)` copia la forma de `z` y también su dtype: si las puntuaciones son enteras, toda probabilidad
    menor que 1 se recorta a 0. ¿Qué dtype debería tener el arreglo de resultados?
    """
    scores = np.asarray(z, dtype=float)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = np.zeros_like(z)
    p[...] = e / e.sum(axis=-1, keepdims=True)
    return p


@misconception("softmax")
def unshifted(z):
    """The exponentials overflow: the scores are not shifted first.

    Beyond 709 `np.exp` gives `inf`, far below 0 it gives 0, and `inf / inf` and `0 / 0` are `nan`. Softmax does not
    change when the same number is subtracted from all scores of a row: choose it so that the largest exponent is 0.

    es: Las exponenciales se desbordan: falta desplazar las puntuaciones.

    Por encima de 709 `np.exp` da `inf`, muy por debajo de 0 da 0, e `inf / inf` y `0 / 0` son `nan`. Softmax no cambia
    si se resta el mismo número a todas las puntuaciones de una fila: elígelo para que el mayor exponente sea 0.
    """
    e = np.exp(np.asarray(z, dtype=float))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def over_columns(z):
    """Softmax is taken over the columns instead of the rows.

    Each row is one example. With `axis=0` the examples of a batch compete with each other, and columns add up to 1.
    Which axis runs over the classes?

    es: Softmax se calcula por columnas en vez de por filas.

    Cada fila es un ejemplo. Con `axis=0` compiten entre sí los ejemplos del lote, y suman 1 las columnas. ¿Qué eje
    recorre las clases?
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@misconception("softmax")
def over_whole_batch(z):
    """The whole batch is divided by one single sum.

    `np.sum` without an axis adds up all rows together, so the batch as a whole adds up to 1. Each row needs its own
    sum.

    es: Todo el lote se divide entre una sola suma.

    `np.sum` sin eje suma todas las filas juntas, y es el lote entero el que suma 1. Cada fila necesita su propia suma.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


@misconception("softmax")
def one_maximum_for_all_rows(z):
    """The maximum of the whole batch is subtracted from every row.

    Where one row holds far larger scores than another, all exponentials of the smaller row become 0, and 0 / 0 is
    `nan`. Each row needs its own maximum.

    es: A todas las filas se les resta el máximo del lote entero.

    Si una fila tiene puntuaciones mucho mayores que otra, todas las exponenciales de la menor llegan a 0, y 0 / 0 es
    `nan`. Cada fila necesita su propio máximo.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def changes_its_argument(z):
    """The scores of the caller are changed.

    `z -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give the
    shifted scores a name of their own.

    es: Se modifican las puntuaciones de quien llama a la función.

    `z -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dales un nombre
    propio a las puntuaciones desplazadas.
    """
    z = np.asarray(z, dtype=float)
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def no_exponential(z):
    """The scores themselves are divided by their sum.

    Negative scores then give negative "probabilities", and a sum near 0 blows up. What makes every number positive
    before the division?

    es: Se dividen las puntuaciones mismas entre su suma.

    Con puntuaciones negativas salen «probabilidades» negativas, y una suma cercana a 0 las dispara. ¿Qué vuelve
    positivos todos los números antes de dividir?
    """
    z = np.asarray(z, dtype=float)
    return z / z.sum(axis=-1, keepdims=True)


@misconception("softmax")
def axis_dropped(z):
    """The sums of the rows lose an axis and are divided along the wrong one.

    `e.sum(axis=-1)` of a batch has shape `(n,)`, which NumPy lines up with the columns: an error, or wrong numbers in a
    square batch. Keep the axis: look for `keepdims`.

    es: Las sumas por fila pierden un eje y dividen a lo largo del equivocado.

    `e.sum(axis=-1)` de un lote tiene forma `(n,)`, y NumPy la alinea con las columnas: un error, o números equivocados
    en un lote cuadrado. Conserva el eje: busca `keepdims`.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@misconception("softmax")
def base_two(z):
    """Powers of 2 stand where powers of e are meant.

    Any base gives a distribution, but this course, as every library, defines softmax with e.

    es: Hay potencias de 2 donde van potencias de e.

    Cualquier base da una distribución, pero este curso, como todas las bibliotecas, define softmax con e.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp2(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def base_ten(z):
    """Powers of 10 stand where powers of e are meant.

    In `1e3` the `e` means "times 10 to the"; the number e of the formula is 2.718..., and its powers are `np.exp`.

    es: Hay potencias de 10 donde van potencias de e.

    En `1e3` la `e` quiere decir «por 10 elevado a»; el número e de la fórmula es 2.718..., y sus potencias son
    `np.exp`.
    """
    z = np.asarray(z, dtype=float)
    e = np.power(10.0, z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def sigmoid_of_each(z):
    """Each score goes through a sigmoid of its own.

    The sigmoid answers independent yes-or-no questions, so the results do not add up to 1. Softmax makes the classes
    compete: every score counts in every denominator.

    es: Cada puntuación pasa por su propia sigmoide.

    La sigmoide responde preguntas de sí o no independientes, y los resultados no suman 1. En softmax las clases
    compiten: cada puntuación cuenta en todos los denominadores.
    """
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))


@misconception("softmax")
def negated_scores(z):
    """The sign of the scores is turned: the lowest score gets the highest probability.

    There is no minus in softmax's exponent; that one belongs to the sigmoid. Compare the order of scores and results.

    es: Se invierte el signo: la puntuación más baja recibe la probabilidad más alta.

    En el exponente de softmax no hay signo menos; ese es de la sigmoide. Compara el orden de puntuaciones y resultados.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z.min(axis=-1, keepdims=True) - z)
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def winner_takes_all(z):
    """The largest score gets probability 1 and all others 0.

    That is the prediction (argmax), not softmax: how close the others came must stay visible.

    es: La puntuación mayor recibe probabilidad 1 y las demás 0.

    Eso es la predicción (argmax), no softmax: debe seguir viéndose qué tan cerca quedaron las demás.
    """
    z = np.asarray(z, dtype=float)
    return (z == z.max(axis=-1, keepdims=True)).astype(float)


@misconception("softmax")
def clipped_scores(z):
    """Large scores are clipped, which makes different scores equal.

    After clipping, 1000 and 2000 are the same number, and so are their probabilities. Shifting keeps the differences,
    which are all that softmax depends on.

    es: Las puntuaciones grandes se recortan, y así puntuaciones distintas quedan iguales.

    Tras recortar, 1000 y 2000 son el mismo número, y sus probabilidades también. Desplazar conserva las diferencias,
    que son lo único de lo que depende softmax.
    """
    e = np.exp(np.clip(np.asarray(z, dtype=float), -500.0, 500.0))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("softmax")
def one_number_at_a_time(z):
    """A function for single numbers is given a whole array.

    `math.exp` takes one number; `np.exp` takes arrays of any shape, entry by entry.

    es: Se le da un arreglo entero a una función para números sueltos.

    `math.exp` recibe un número; `np.exp` recibe arreglos de cualquier forma, entrada por entrada.
    """
    import math

    e = math.exp(z)
    return e / np.sum(e)


@misconception("softmax")
def one_example_only(z):
    """The loop expects single numbers and meets the rows of a batch.

    Going through a batch `(n, c)` gives rows, not numbers. Work along the last axis, and one line serves both cases.

    es: El ciclo espera números sueltos y se encuentra con las filas de un lote.

    Al recorrer un lote `(n, c)` salen filas, no números. Trabaja a lo largo del último eje, y una línea sirve para
    los dos casos.
    """
    import math

    scores = [float(score) for score in z]
    e = [math.exp(score - max(scores)) for score in scores]
    return np.array([part / sum(e) for part in e])


@misconception("softmax")
def arrays_only(z):
    """A method of arrays is called on a list.

    Lists have no `max` method: scores may come as a list, so turn them into an array of floats first.

    es: Se llama a un método de los arreglos sobre una lista.

    Las listas no tienen método `max`: las puntuaciones pueden llegar como lista, así que conviértelas primero en un
    arreglo de flotantes.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("log_softmax")
def log_of_stored_probabilities(z):
    """The logarithm is taken of probabilities that have become 0.

    A probability below about 1e-324 is stored as 0, and its logarithm is `-inf`, though the true one is an ordinary
    number. Take the logarithm of the fraction on paper first: no division remains.

    es: Se toma el logaritmo de probabilidades que llegaron a 0.

    Una probabilidad menor que 1e-324 se guarda como 0, y su logaritmo es `-inf`, aunque el verdadero es un número
    común. Toma primero el logaritmo de la fracción en papel: no queda ninguna división.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True))


@misconception("log_softmax")
def small_number_added(z):
    """A small number added inside the logarithm puts a floor under the results.

    `log(p + 1e-9)` cannot go below -20.7, and the true value may be -5000. With the logarithm of the sum nothing needs
    protection.

    es: Un número pequeño sumado dentro del logaritmo les pone un piso a los resultados.

    `log(p + 1e-9)` no puede bajar de -20.7, y el valor verdadero puede ser -5000. Con el logaritmo de la suma no hay
    nada que proteger.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + 1e-9)


@misconception("log_softmax", was="shifted - np.log", now="shifted + np.log")
def logarithm_added():
    """The logarithm of the sum is added instead of subtracted.

    The logarithm of a fraction is a difference. A quick test: the logarithm of a probability is never above 0.

    es: El logaritmo de la suma se suma en vez de restarse.

    El logaritmo de una fracción es una diferencia. Una prueba rápida: el logaritmo de una probabilidad nunca supera 0.
    """


@misconception("log_softmax")
def sign_turned(z):
    """The result has the opposite sign.

    The minus belongs to the loss, which comes later; the logarithm of a probability is at most 0.

    es: El resultado tiene el signo contrario.

    El signo menos es de la función de error, que viene después; el logaritmo de una probabilidad es como mucho 0.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=-1, keepdims=True)) - shifted


@misconception("log_softmax")
def logarithm_base_two(z):
    """The logarithm has base 2.

    The natural logarithm, base e, is meant: in NumPy it is `np.log`.

    es: El logaritmo está en base 2.

    Se pide el logaritmo natural, en base e: en NumPy es `np.log`.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))) / np.log(2.0)


@misconception("log_softmax")
def logarithm_base_ten(z):
    """The logarithm has base 10.

    The natural logarithm, base e, is meant: in NumPy it is `np.log`.

    es: El logaritmo está en base 10.

    Se pide el logaritmo natural, en base e: en NumPy es `np.log`.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))) / np.log(10.0)


@misconception("log_softmax")
def sum_overflows(z):
    """The sum of exponentials overflows: the scores are not shifted first.

    Beyond 709 `np.exp` gives `inf`, far below 0 it gives 0, and the logarithm of either is infinite. Shift the scores
    of each row, in both terms of the difference.

    es: La suma de exponenciales se desborda: falta desplazar las puntuaciones.

    Por encima de 709 `np.exp` da `inf`, muy por debajo de 0 da 0, y el logaritmo de ambos es infinito. Desplaza las
    puntuaciones de cada fila, en los dos términos de la resta.
    """
    z = np.asarray(z, dtype=float)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@misconception("log_softmax")
def shifted_in_one_term_only(z):
    """The scores are shifted inside the sum and not outside.

    What was subtracted inside the exponentials must be accounted for: use the shifted scores in both terms, or add the
    maximum back to the logarithm.

    es: Las puntuaciones se desplazan dentro de la suma y no fuera.

    Lo que se restó dentro de las exponenciales hay que tenerlo en cuenta: usa las puntuaciones desplazadas en los dos
    términos, o vuelve a sumar el máximo al logaritmo.
    """
    z = np.asarray(z, dtype=float)
    return z - np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))


@misconception("log_softmax")
def log_over_whole_batch(z):
    """One sum over the whole batch is used for every row.

    Each row is an example of its own, with its own sum: which axis runs over the classes?

    es: Se usa una sola suma de todo el lote para todas las filas.

    Cada fila es un ejemplo aparte, con su propia suma: ¿qué eje recorre las clases?
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum())


@misconception("log_softmax")
def log_over_columns(z):
    """The sums run over the columns instead of the rows.

    Each row is one example. With `axis=0` the examples of a batch compete with each other. Which axis runs over the
    classes?

    es: Las sumas van por columnas en vez de por filas.

    Cada fila es un ejemplo. Con `axis=0` compiten entre sí los ejemplos del lote. ¿Qué eje recorre las clases?
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


@misconception("log_softmax")
def logarithm_left_out(z):
    """The result is softmax itself: the logarithm is missing.

    The results lie between 0 and 1, and logarithms of probabilities lie at 0 or below.

    es: El resultado es softmax: falta el logaritmo.

    Los resultados están entre 0 y 1, y los logaritmos de probabilidades están en 0 o por debajo.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@misconception("log_softmax")
def log_changes_its_argument(z):
    """The scores of the caller are changed.

    `z -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give the
    shifted scores a name of their own.

    es: Se modifican las puntuaciones de quien llama a la función.

    `z -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dales un nombre
    propio a las puntuaciones desplazadas.
    """
    z = np.asarray(z, dtype=float)
    z -= z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
