"""Known wrong answers to `cross-entropy`, one mistake each; the docstring is what the student reads."""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("one_hot", was="np.arange(len(y)), y", now=":, y")
def whole_columns():
    """Every row gets a 1 for every label of the batch.

    `Y[:, y] = 1` writes into whole columns. Pair each row with its own label: one index array for the rows, one for the
    columns.

    es: Cada fila recibe un 1 por cada etiqueta del lote.

    `Y[:, y] = 1` escribe en columnas enteras. Empareja cada fila con su propia etiqueta: un arreglo de índices para las
    filas y otro para las columnas.
    """


@misconception("one_hot", was="(len(y), c)", now="(len(y), int(np.max(y)) + 1)")
def width_guessed():
    """The number of columns is guessed from the labels.

    If the last class does not occur in a batch, `max(y) + 1` is smaller than `c`, and batches get different widths. Use
    the `c` that is given.

    es: La cantidad de columnas se adivina a partir de las etiquetas.

    Si la última clase no aparece en un lote, `max(y) + 1` es menor que `c`, y los lotes quedan con anchos distintos.
    Usa el `c` que viene dado.
    """


@misconception("one_hot", was="np.arange(len(y)), y", now="np.arange(len(y)), np.asarray(y, dtype=int) - 1")
def counted_from_one():
    """The labels are read as if they started at 1.

    Label 0 is the first column. With `y - 1`, label 0 becomes -1, which NumPy takes without a complaint as the last
    column.

    es: Las etiquetas se leen como si empezaran en 1.

    La etiqueta 0 es la primera columna. Con `y - 1`, la etiqueta 0 pasa a ser -1, que NumPy toma sin protestar por la
    última columna.
    """


@misconception("one_hot")
def classes_in_rows(y, c):
    """Rows and columns are exchanged.

    One example per row, one class per column: the shape is `(n, c)`.

    es: Las filas y las columnas están intercambiadas.

    Un ejemplo por fila, una clase por columna: la forma es `(n, c)`.
    """
    return (np.arange(c)[:, np.newaxis] == np.asarray(y)).astype(float)


@misconception("one_hot")
def whole_numbers(y, c):
    """The rows hold whole numbers instead of floats.

    What is computed with them later, such as a gradient written into the same array, would be cut down to whole
    numbers. `np.zeros` gives floats unless it is told otherwise.

    es: Las filas contienen enteros en vez de flotantes.

    Lo que se calcule después con ellas, como un gradiente escrito en el mismo arreglo, se recortaría a enteros.
    `np.zeros` da flotantes si no se le pide otra cosa.
    """
    return np.eye(c, dtype=int)[np.asarray(y)]


@misconception("one_hot")
def truth_values(y, c):
    """The rows hold True and False instead of 1.0 and 0.0.

    A comparison gives truth values. Turn them into floats.

    es: Las filas contienen True y False en vez de 1.0 y 0.0.

    Una comparación da valores de verdad. Conviértelos en flotantes.
    """
    return np.asarray(y)[:, np.newaxis] == np.arange(c)


@misconception("cross_entropy")
def minus_left_out(p, y):
    """The minus sign is missing: the loss comes out negative.

    The logarithm of a probability is at most 0, and a loss should be 0 or more.

    es: Falta el signo menos: el error sale negativo.

    El logaritmo de una probabilidad es como mucho 0, y un error debería ser 0 o más.
    """
    return np.mean(np.log(np.asarray(p, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy")
def summed(p, y):
    """The costs of the examples are added up instead of averaged.

    A sum grows with the size of the batch. The mean does not, so that losses of different batches can be compared.

    es: Los costos de los ejemplos se suman en vez de promediarse.

    Una suma crece con el tamaño del lote. El promedio no, y así se pueden comparar errores de lotes distintos.
    """
    return -np.sum(np.log(np.asarray(p, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy")
def base_two(p, y):
    """The logarithm has base 2.

    That measures bits. This course, as every library, uses the natural logarithm, in NumPy `np.log`.

    es: El logaritmo está en base 2.

    Eso mide en bits. Este curso, como todas las bibliotecas, usa el logaritmo natural, en NumPy `np.log`.
    """
    return -np.mean(np.log2(np.asarray(p, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy")
def base_ten(p, y):
    """The logarithm has base 10.

    The natural logarithm is meant, base e; in NumPy it is `np.log`, and `np.log10` is another one.

    es: El logaritmo está en base 10.

    Se pide el logaritmo natural, en base e; en NumPy es `np.log`, y `np.log10` es otro.
    """
    return -np.mean(np.log10(np.asarray(p, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy")
def most_probable_class(p, y):
    """The logarithm is taken of the largest probability, not of the right class's.

    Then a model that is sure of a wrong answer pays nothing. The label says which column counts.

    es: Se toma el logaritmo de la mayor probabilidad, no de la de la clase correcta.

    Así, un modelo seguro de una respuesta equivocada no paga nada. La etiqueta dice qué columna cuenta.
    """
    return -np.mean(np.log(np.max(np.asarray(p, dtype=float), axis=-1)))


@misconception("cross_entropy")
def previous_column(p, y):
    """The logarithm is taken of the column before the right class's.

    Labels start at 0, as NumPy's columns do: nothing has to be subtracted.

    es: Se toma el logaritmo de la columna anterior a la de la clase correcta.

    Las etiquetas empiezan en 0, igual que las columnas de NumPy: no hay que restar nada.
    """
    return -np.mean(np.log(np.asarray(p, dtype=float)[np.arange(len(y)), np.asarray(y, dtype=int) - 1]))


@misconception("cross_entropy")
def averaged_over_classes_too(p, y):
    """The sum is divided by the number of entries, not by the number of examples.

    `np.mean` of a table with one logarithm per row and zeros elsewhere divides by n times c. Add up each row first.

    es: La suma se divide entre la cantidad de entradas, no entre la de ejemplos.

    `np.mean` de una tabla con un logaritmo por fila y ceros en lo demás divide entre n por c. Suma antes cada fila.
    """
    p = np.asarray(p, dtype=float)
    return -np.sum(np.log(p[np.arange(len(y)), y])) / p.size


@misconception("cross_entropy")
def zero_times_infinity(p, y):
    """Classes that do not count turn the loss into nan.

    `0 * log(0)` is 0 times minus infinity, and that is `nan`. Choose the right class's probability first, and take the
    logarithm of that alone.

    es: Clases que no cuentan convierten el error en nan.

    `0 * log(0)` es 0 por menos infinito, y eso es `nan`. Elige primero la probabilidad de la clase correcta y toma solo
    su logaritmo.
    """
    p = np.asarray(p, dtype=float)
    rows = np.eye(p.shape[-1])[np.asarray(y)]
    return -np.sum(rows * np.log(p)) / len(y)


@misconception("cross_entropy")
def small_number_added(p, y):
    """A small number is added to the probabilities, or they are clipped.

    With 1e-7 inside, the logarithm cannot go below -16, so that the worst mistakes cost too little. Where scores are at
    hand, the loss from logits needs no protection.

    es: Se suma un número pequeño a las probabilidades, o se recortan.

    Con 1e-7 adentro, el logaritmo no baja de -16, y los peores errores cuestan demasiado poco. Si se tienen las
    puntuaciones, el error desde los logits no necesita protección.
    """
    return -np.mean(np.log(np.asarray(p, dtype=float)[np.arange(len(y)), y] + 1e-7))


@misconception("cross_entropy")
def every_pair(p, y):
    """Each example is paired with the labels of all examples.

    `p[:, y]` is a table of n times n: every row in the columns of every label. Give the rows an index array as well.

    es: Cada ejemplo se empareja con las etiquetas de todos.

    `p[:, y]` es una tabla de n por n: cada fila en las columnas de todas las etiquetas. Dale también a las filas un
    arreglo de índices.
    """
    return -np.mean(np.log(np.asarray(p, dtype=float)[:, y]))


@misconception("cross_entropy")
def log_of_the_mean(p, y):
    """The probabilities are averaged before the logarithm is taken.

    The logarithm of a mean is not the mean of the logarithms; it lets one good answer hide a very bad one.

    es: Se promedian las probabilidades antes de tomar el logaritmo.

    El logaritmo de un promedio no es el promedio de los logaritmos; así, una respuesta buena tapa a una muy mala.
    """
    return -np.log(np.mean(np.asarray(p, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy")
def one_number_per_example(p, y):
    """The loss is a vector: the mean over the batch is missing.

    Training needs one number to make smaller.

    es: El error es un vector: falta el promedio sobre el lote.

    El entrenamiento necesita un solo número que reducir.
    """
    return -np.log(np.asarray(p, dtype=float)[np.arange(len(y)), y])


@misconception("cross_entropy")
def yes_or_no_for_each_class(p, y):
    """The cost of the wrong classes, -ln(1 - p), is added.

    That is binary cross-entropy, for questions that are answered independently of each other. Here the classes exclude
    each other, and only the right one's logarithm counts.

    es: Se suma el costo de las clases equivocadas, -ln(1 - p).

    Esa es la entropía cruzada binaria, para preguntas que se responden por separado. Aquí las clases se excluyen entre
    sí, y solo cuenta el logaritmo de la correcta.
    """
    p = np.asarray(p, dtype=float)
    right = np.eye(p.shape[-1])[np.asarray(y)] == 1
    return np.mean(np.sum(-np.log(np.where(right, p, 1.0 - p)), axis=-1))


@misconception("cross_entropy")
def arrays_only(p, y):
    """A list is indexed as if it were an array.

    `p[rows, columns]` works on arrays. Turn `p` into an array of floats first.

    es: Una lista se indexa como si fuera un arreglo.

    `p[filas, columnas]` funciona con arreglos. Convierte primero `p` en un arreglo de flotantes.
    """
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@misconception("cross_entropy_from_logits")
def log_of_stored_probabilities(z, y):
    """The logarithm is taken of probabilities that have become 0.

    A probability below about 1e-324 is stored as 0, and its logarithm is `-inf`. Put softmax into the formula on paper:
    the logarithm undoes the exponential.

    es: Se toma el logaritmo de probabilidades que llegaron a 0.

    Una probabilidad menor que 1e-324 se guarda como 0, y su logaritmo es `-inf`. Pon softmax en la fórmula en papel: el
    logaritmo deshace la exponencial.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@misconception("cross_entropy_from_logits")
def protected_logarithm(z, y):
    """A small number inside the logarithm limits the loss.

    `log(p + 1e-12)` cannot go below -27.6, and the true value may be -5000. With the logarithm of the sum nothing needs
    protection.

    es: Un número pequeño dentro del logaritmo limita el error.

    `log(p + 1e-12)` no puede bajar de -27.6, y el valor verdadero puede ser -5000. Con el logaritmo de la suma no hay
    nada que proteger.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y] + 1e-12))


@misconception("cross_entropy_from_logits")
def sum_overflows(z, y):
    """The sum of exponentials overflows: the scores are not shifted first.

    Beyond 709 `np.exp` gives `inf`, far below 0 it gives 0, and the logarithm of either is infinite. Shift the scores
    of each row by its maximum, in both terms.

    es: La suma de exponenciales se desborda: falta desplazar las puntuaciones.

    Por encima de 709 `np.exp` da `inf`, muy por debajo de 0 da 0, y el logaritmo de ambos es infinito. Desplaza las
    puntuaciones de cada fila por su máximo, en los dos términos.
    """
    z = np.asarray(z, dtype=float)
    return np.mean(np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def one_maximum_for_all_rows(z, y):
    """The maximum of the whole batch is subtracted from every row.

    Where one row holds far larger scores than another, all exponentials of the smaller row become 0, and the logarithm
    of their sum is infinite. Each row needs its own maximum.

    es: A todas las filas se les resta el máximo del lote entero.

    Si una fila tiene puntuaciones mucho mayores que otra, todas las exponenciales de la menor llegan a 0, y el
    logaritmo de su suma es infinito. Cada fila necesita su propio máximo.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max()
    return np.mean(np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def shifted_in_one_term_only(z, y):
    """The scores are shifted inside the sum and not outside.

    What was subtracted inside the exponentials must be accounted for: use the shifted scores in both terms, or add the
    maximum back to the logarithm.

    es: Las puntuaciones se desplazan dentro de la suma y no fuera.

    Lo que se restó dentro de las exponenciales hay que tenerlo en cuenta: usa las puntuaciones desplazadas en los dos
    términos, o vuelve a sumar el máximo al logaritmo.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=-1)) - z[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def softmax_left_out(z, y):
    """The scores are taken for probabilities.

    Logits are not between 0 and 1, may be negative, and have no logarithm then. Softmax belongs in between.

    es: Las puntuaciones se toman por probabilidades.

    Los logits no están entre 0 y 1, pueden ser negativos, y entonces no tienen logaritmo. Falta softmax en el medio.
    """
    return -np.mean(np.log(np.asarray(z, dtype=float)[np.arange(len(y)), y]))


@misconception("cross_entropy_from_logits")
def softmax_twice(z, y):
    """Softmax is applied twice.

    The second softmax sees numbers between 0 and 1 and makes them nearly equal, so that even the best model pays. It
    happens where probabilities are handed to a loss "from logits".

    es: Softmax se aplica dos veces.

    El segundo softmax recibe números entre 0 y 1 y los deja casi iguales, y así paga hasta el mejor modelo. Ocurre
    cuando se le entregan probabilidades a un error «desde los logits».
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return np.mean(np.log(np.exp(p).sum(axis=-1)) - p[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def over_columns(z, y):
    """The sums run over the examples instead of the classes.

    Each row is one example. With `axis=0` the examples of a batch compete with each other. Which axis runs over the
    classes?

    es: Las sumas recorren los ejemplos en vez de las clases.

    Cada fila es un ejemplo. Con `axis=0` compiten entre sí los ejemplos del lote. ¿Qué eje recorre las clases?
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -np.mean(log_p[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def turned_around(z, y):
    """The loss has the wrong sign.

    Logarithm of the sum minus the score of the right class, not the reverse: the better the model, the closer to 0
    from above.

    es: El error tiene el signo contrario.

    Logaritmo de la suma menos la puntuación de la clase correcta, no al revés: cuanto mejor el modelo, más cerca de 0
    desde arriba.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.mean(shifted[np.arange(len(y)), y] - np.log(np.exp(shifted).sum(axis=-1)))


@misconception("cross_entropy_from_logits")
def summed_over_the_batch(z, y):
    """The costs of the examples are added up instead of averaged.

    A sum grows with the size of the batch; the mean does not.

    es: Los costos de los ejemplos se suman en vez de promediarse.

    Una suma crece con el tamaño del lote; el promedio no.
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.sum(np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(y)), y])


@misconception("cross_entropy_from_logits")
def changes_its_argument(z, y):
    """The scores of the caller are changed.

    `z -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give the
    shifted scores a name of their own.

    es: Se modifican las puntuaciones de quien llama a la función.

    `z -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dales un nombre
    propio a las puntuaciones desplazadas.
    """
    z = np.asarray(z, dtype=float)
    z -= z.max(axis=-1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(y)), y])


@misconception("cross_entropy_grad")
def not_divided(z, y):
    """The gradient is not divided by the number of examples.

    The loss is a mean over the batch, and so is its gradient: each example has a weight of 1/n.

    es: El gradiente no se divide entre la cantidad de ejemplos.

    El error es un promedio sobre el lote, y su gradiente también: cada ejemplo pesa 1/n.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - np.eye(z.shape[-1])[np.asarray(y)]


@misconception("cross_entropy_grad")
def uphill(z, y):
    """The gradient has the opposite sign: truth minus prediction.

    The gradient points to where the loss grows, which is softmax minus one-hot. The minus of gradient descent comes in
    the step, later.

    es: El gradiente tiene el signo contrario: verdad menos predicción.

    El gradiente apunta hacia donde crece el error, que es softmax menos one-hot. El signo menos del descenso de
    gradiente viene después, en el paso.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return (np.eye(z.shape[-1])[np.asarray(y)] - e / e.sum(axis=-1, keepdims=True)) / len(y)


@misconception("cross_entropy_grad")
def divided_by_all_entries(z, y):
    """The gradient is divided by examples times classes.

    The loss is a mean over the n examples; the classes of one example were added up, not averaged.

    es: El gradiente se divide entre ejemplos por clases.

    El error es un promedio sobre los n ejemplos; las clases de un mismo ejemplo se sumaron, no se promediaron.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True) - np.eye(z.shape[-1])[np.asarray(y)]) / z.size


@misconception("cross_entropy_grad")
def one_hot_left_out(z, y):
    """The one-hot labels are not subtracted.

    What is returned is softmax divided by n, whatever the right answers are: every score would be pushed down.

    es: No se restan las etiquetas one-hot.

    Lo que se devuelve es softmax entre n, sean cuales sean las respuestas correctas: todas las puntuaciones serían
    empujadas hacia abajo.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) / len(y)


@misconception("cross_entropy_grad")
def by_the_probabilities(z, y):
    """The derivative is taken by the probabilities, not by the scores.

    -1/p in the right class's column is only the first factor of the chain rule; softmax has a derivative too.

    es: Se deriva respecto de las probabilidades, no de las puntuaciones.

    -1/p en la columna de la clase correcta es solo el primer factor de la regla de la cadena; softmax también tiene
    derivada.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.eye(z.shape[-1])[np.asarray(y)] / p / len(y)


@misconception("cross_entropy_grad")
def softmax_derived_again(z, y):
    """The difference is multiplied by p(1 - p) once more.

    The derivative of softmax is already inside "softmax minus one-hot": it cancelled against that of the logarithm. The
    factor belongs to a squared error.

    es: La diferencia se multiplica otra vez por p(1 - p).

    La derivada de softmax ya está dentro de «softmax menos one-hot»: se canceló con la del logaritmo. Ese factor
    corresponde a un error cuadrático.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return (p - np.eye(z.shape[-1])[np.asarray(y)]) * p * (1.0 - p) / len(y)


@misconception("cross_entropy_grad")
def one_from_whole_columns(z, y):
    """The 1 is subtracted from whole columns.

    `p[:, y] -= 1` writes into the columns of all labels in all rows. Pair each row with its own label.

    es: El 1 se resta de columnas enteras.

    `p[:, y] -= 1` escribe en las columnas de todas las etiquetas, en todas las filas. Empareja cada fila con su propia
    etiqueta.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    p[:, y] -= 1.0
    return p / len(y)


@misconception("cross_entropy_grad")
def averaged_over_examples(z, y):
    """The gradients of the examples are averaged into one row.

    Each example has scores of its own, so the gradient by the scores keeps a row for each: shape `(n, c)`. Adding over
    the batch comes with the weights and biases, which all examples share.

    es: Los gradientes de los ejemplos se promedian en una sola fila.

    Cada ejemplo tiene sus propias puntuaciones, y el gradiente respecto de ellas conserva una fila por ejemplo: forma
    `(n, c)`. Sumar sobre el lote toca con los pesos y sesgos, que todos los ejemplos comparten.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.mean(e / e.sum(axis=-1, keepdims=True) - np.eye(z.shape[-1])[np.asarray(y)], axis=0)


@misconception("cross_entropy_grad")
def exponentials_overflow(z, y):
    """The exponentials overflow: the scores are not shifted first.

    `inf / inf` and `0 / 0` are `nan`, and one `nan` in a gradient spoils all weights at the next step.

    es: Las exponenciales se desbordan: falta desplazar las puntuaciones.

    `inf / inf` y `0 / 0` son `nan`, y un solo `nan` en un gradiente arruina todos los pesos en el paso siguiente.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z)
    return (e / e.sum(axis=-1, keepdims=True) - np.eye(z.shape[-1])[np.asarray(y)]) / len(y)


@misconception("accuracy")
def hits_counted(p, y):
    """The right answers are counted, not averaged.

    Accuracy is a share between 0 and 1: divide by the number of examples.

    es: Los aciertos se cuentan, no se promedian.

    La exactitud es una proporción entre 0 y 1: divide entre la cantidad de ejemplos.
    """
    return float(np.sum(np.argmax(p, axis=-1) == np.asarray(y)))


@misconception("accuracy")
def in_percent(p, y):
    """The result is a percentage.

    A share between 0 and 1 is asked for: 0.25, not 25.

    es: El resultado es un porcentaje.

    Se pide una proporción entre 0 y 1: 0.25, no 25.
    """
    return 100.0 * np.mean(np.argmax(p, axis=-1) == np.asarray(y))


@misconception("accuracy")
def share_of_errors(p, y):
    """The wrong answers are counted instead of the right ones.

    That is the error rate, 1 minus accuracy.

    es: Se cuentan las respuestas equivocadas en vez de las correctas.

    Esa es la tasa de error, 1 menos la exactitud.
    """
    return np.mean(np.argmax(p, axis=-1) != np.asarray(y))


@misconception("accuracy")
def best_example_of_each_class(p, y):
    """The maximum is looked for down the columns.

    With `axis=0`, argmax gives for each class the example that got most of it. The classes of one example lie along the
    last axis.

    es: El máximo se busca a lo largo de las columnas.

    Con `axis=0`, argmax da, para cada clase, el ejemplo que más recibió. Las clases de un ejemplo están a lo largo del
    último eje.
    """
    best = np.argmax(p, axis=0)
    rows = min(len(best), len(y))
    return np.mean(best[:rows] == np.asarray(y)[:rows])


@misconception("accuracy")
def above_one_half(p, y):
    """A prediction counts as right only if its probability is above 0.5.

    With more than two classes the winner often has less than one half. Compare the column of the maximum with the
    label.

    es: Una predicción cuenta como correcta solo si su probabilidad supera 0.5.

    Con más de dos clases, la ganadora suele tener menos de la mitad. Compara la columna del máximo con la etiqueta.
    """
    return np.mean(np.asarray(p, dtype=float)[np.arange(len(y)), y] > 0.5)


@misconception("accuracy")
def any_of_the_tied(p, y):
    """Every class of a tie counts as predicted.

    A model must commit itself to one class; among equals the first one counts, as `argmax` takes it.

    es: Todas las clases de un empate cuentan como predichas.

    Un modelo tiene que decidirse por una clase; entre iguales cuenta la primera, la que toma `argmax`.
    """
    p = np.asarray(p, dtype=float)
    return np.mean(p[np.arange(len(y)), y] == p.max(axis=-1))
