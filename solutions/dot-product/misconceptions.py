"""Known wrong answers to the assignment `dot-product`, one mistake each; the docstring is what the student reads."""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("dot")
def products_not_added(x, w):
    """The products are not added up.

    `x * w` gives one product for each entry. The dot product is their sum: a single number.

    es: Falta sumar los productos.

    `x * w` da un producto por cada entrada. El producto punto es su suma: un solo número.
    """
    return np.asarray(x, dtype=float) * np.asarray(w, dtype=float)


@misconception("dot")
def every_pair_multiplied(x, w):
    """Every entry is multiplied by every other: that is the outer product, a matrix.

    Only entries at the same place meet: the first with the first, the second with the second. Then they are added up.

    es: Se multiplica cada entrada por todas las demás: eso es el producto exterior, una matriz.

    Solo se encuentran las entradas del mismo lugar: la primera con la primera, la segunda con la segunda. Después se
    suman.
    """
    return np.outer(np.asarray(x, dtype=float), np.asarray(w, dtype=float))


@misconception("dot")
def always_three_entries(x, w):
    """The loop always runs over three entries.

    `range(3)` fits the example only. How long is `x` this time?

    es: El ciclo recorre siempre tres entradas.

    `range(3)` solo sirve para el ejemplo. ¿Qué longitud tiene `x` esta vez?
    """
    total = 0.0
    for i in range(3):
        total = total + float(x[i]) * float(w[i])
    return total


@misconception("dot")
def product_of_the_sums(x, w):
    """Each vector is added up first, and the two sums are multiplied.

    Multiply first, entry by entry, and add up afterwards: the order matters.

    es: Primero se suma cada vector, y después se multiplican las dos sumas.

    Primero se multiplica, entrada por entrada, y después se suma: el orden importa.
    """
    return np.sum(np.asarray(x, dtype=float)) * np.sum(np.asarray(w, dtype=float))


@misconception("dot")
def entries_added(x, w):
    """The entries are added where they should be multiplied.

    A weight says how much an input counts: it multiplies the input. Only the products are added.

    es: Las entradas se suman donde deberían multiplicarse.

    Un peso dice cuánto cuenta una entrada: la multiplica. Solo se suman los productos.
    """
    return np.sum(np.asarray(x, dtype=float)) + np.sum(np.asarray(w, dtype=float))


@misconception("dot")
def mean_of_the_products(x, w):
    """The products are averaged instead of added.

    The dot product is a sum: there is no division by the number of entries.

    es: Los productos se promedian en vez de sumarse.

    El producto punto es una suma: no se divide entre la cantidad de entradas.
    """
    return np.mean(np.asarray(x, dtype=float) * np.asarray(w, dtype=float))


@misconception("dot")
def returned_too_early(x, w):
    """The function returns inside the loop, after the first product.

    A `return` ends the function at once. Look at its indentation: it belongs after the loop.

    es: La función devuelve dentro del ciclo, tras el primer producto.

    Un `return` termina la función de inmediato. Mira su sangría: va después del ciclo.
    """
    total = 0.0
    for one, weight in zip(x, w, strict=True):
        total += float(one) * float(weight)
        return total
    return total


@misconception("dot")
def decimals_cut_off(x, w):
    """The numbers are turned into integers, which cuts off their decimals.

    With `dtype=int`, 0.9 becomes 0. Compute in floating point from the start.

    es: Los números se convierten en enteros, y se les recortan los decimales.

    Con `dtype=int`, 0.9 se vuelve 0. Calcula en punto flotante desde el principio.
    """
    return float(np.dot(np.asarray(x).astype(int), np.asarray(w).astype(int)))


@misconception("dot")
def type_of_the_input_kept(x, w):
    """The computation keeps the integer type of its inputs.

    Integers of 8 bits wrap around at 256 without a warning, and the result is not a float. Turn both vectors into
    floats before you multiply.

    es: El cálculo conserva el tipo entero de las entradas.

    Los enteros de 8 bits dan la vuelta en 256 sin avisar, y el resultado no es un flotante. Convierte los dos vectores
    en flotantes antes de multiplicar.
    """
    return np.dot(np.asarray(x), np.asarray(w))


@misconception("dot")
def converted_too_late(x, w):
    """The result is turned into a float after it has overflowed.

    By then the product of small integers has already wrapped around. Turn the inputs into floats, not the result.

    es: El resultado se convierte en flotante después de desbordarse.

    Para entonces el producto de enteros pequeños ya dio la vuelta. Convierte en flotantes las entradas, no el
    resultado.
    """
    return float(np.dot(np.asarray(x), np.asarray(w)))


@misconception("dot")
def first_vector_overwritten(x, w):
    """The products are written into the caller's own vector.

    `x *= w` changes the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give the
    products a name of their own.

    es: Los productos se escriben en el vector de quien llama a la función.

    `x *= w` modifica el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dales un nombre propio
    a los productos.
    """
    x = np.asarray(x, dtype=float)
    x *= np.asarray(w, dtype=float)
    return x.sum()


@misconception("linear")
def entry_by_entry(X, W, b):
    """`*` multiplies entry by entry where the product of matrices is meant.

    In NumPy the product of matrices, rows of `X` with columns of `W`, is written `@`.

    es: `*` multiplica entrada por entrada donde va el producto de matrices.

    En NumPy el producto de matrices, filas de `X` con columnas de `W`, se escribe `@`.
    """
    return np.asarray(X, dtype=float) * np.asarray(W, dtype=float) + np.asarray(b, dtype=float)


@misconception("linear")
def bias_forgotten(X, W, b):
    """The biases are not added.

    Without `b` every output of an example of zeros would be 0. Where does `b` come into the formula?

    es: Faltan los sesgos.

    Sin `b`, todas las salidas de un ejemplo de ceros serían 0. ¿Dónde entra `b` en la fórmula?
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float)


@misconception("linear")
def weights_transposed(X, W, b):
    """The weights are transposed.

    `W` has shape `(d_in, d_out)`, so `X @ W` fits as it stands; `.T` belongs to another convention, and in a square
    case it gives wrong numbers without an error.

    es: Los pesos están transpuestos.

    `W` tiene forma `(d_in, d_out)`, así que `X @ W` encaja tal cual; `.T` es de otra convención, y en un caso cuadrado
    da números equivocados sin ningún error.
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float).T + np.asarray(b, dtype=float)


@misconception("linear")
def factors_exchanged(X, W, b):
    """The factors stand in the wrong order: `W @ X`.

    The product of matrices depends on the order. Examples are rows of `X`, so `X` comes first; write the shapes below
    each other, and the inner two must agree.

    es: Los factores están en el orden equivocado: `W @ X`.

    El producto de matrices depende del orden. Los ejemplos son filas de `X`, así que `X` va primero; escribe las formas
    una junto a la otra, y las dos interiores deben coincidir.
    """
    return np.asarray(W, dtype=float) @ np.asarray(X, dtype=float) + np.asarray(b, dtype=float)


@misconception("linear")
def bias_multiplied(X, W, b):
    """The biases multiply the outputs instead of being added.

    A bias moves the level of an output up or down: it is a term, not a factor.

    es: Los sesgos multiplican las salidas en vez de sumarse.

    Un sesgo sube o baja el nivel de una salida: es un sumando, no un factor.
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float) * np.asarray(b, dtype=float)


@misconception("linear")
def bias_subtracted(X, W, b):
    """The biases are subtracted instead of added.

    The minus signs of the worked example are part of the biases, -46 and -108; the formula adds them.

    es: Los sesgos se restan en vez de sumarse.

    Los signos menos del ejemplo son parte de los sesgos, -46 y -108; la fórmula los suma.
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float) - np.asarray(b, dtype=float)


@misconception("linear")
def bias_of_each_example(X, W, b):
    """The biases are added along the rows: one per example instead of one per output.

    As a column, `b` lines up with the examples. It has shape `(d_out,)`, and as it is NumPy lines it up with the
    outputs.

    es: Los sesgos se suman por filas: uno por ejemplo en vez de uno por salida.

    Como columna, `b` se alinea con los ejemplos. Su forma es `(d_out,)`, y tal cual NumPy lo alinea con las salidas.
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float) + np.asarray(b, dtype=float)[:, np.newaxis]


@misconception("linear")
def bias_added_to_the_weights(X, W, b):
    """The biases are added to the weights before the product.

    Then each bias is multiplied by the inputs as well. The product comes first; check the parentheses.

    es: Los sesgos se suman a los pesos antes del producto.

    Así cada sesgo queda multiplicado por las entradas. Primero va el producto; revisa los paréntesis.
    """
    return np.asarray(X, dtype=float) @ (np.asarray(W, dtype=float) + np.asarray(b, dtype=float))


@misconception("linear")
def first_example_only(X, W, b):
    """Only the first example is computed.

    `X` holds a whole batch, and the result needs one row for each of its rows.

    es: Solo se calcula el primer ejemplo.

    `X` contiene un lote entero, y el resultado necesita una fila por cada una de sus filas.
    """
    return np.asarray(X, dtype=float)[0] @ np.asarray(W, dtype=float) + np.asarray(b, dtype=float)


@misconception("linear")
def first_output_only(X, W, b):
    """Only the first output is computed.

    `W` has one column for each output, and the result needs as many columns.

    es: Solo se calcula la primera salida.

    `W` tiene una columna por cada salida, y el resultado necesita otras tantas columnas.
    """
    return np.asarray(X, dtype=float) @ np.asarray(W, dtype=float)[:, 0] + np.asarray(b, dtype=float)[0]


@misconception("linear")
def integer_results(X, W, b):
    """The outputs are stored in an array of integers.

    `np.zeros_like` and `dtype=int` make an array that cuts off decimals. Make the array for the results with floats.

    es: Las salidas se guardan en un arreglo de enteros.

    `np.zeros_like` y `dtype=int` crean un arreglo que recorta los decimales. Crea el arreglo de resultados con
    flotantes.
    """
    X, W, b = (np.asarray(argument, dtype=float) for argument in (X, W, b))
    result = np.zeros((X.shape[0], W.shape[1]), dtype=int)
    for i, row in enumerate(X):
        result[i] = row @ W + b
    return result


@misconception("linear")
def type_of_the_layer_kept(X, W, b):
    """The computation keeps the integer type of its inputs.

    Integers of 8 bits wrap around at 256 without a warning, and the result is not of floats. Turn the arguments into
    floats before you multiply.

    es: El cálculo conserva el tipo entero de las entradas.

    Los enteros de 8 bits dan la vuelta en 256 sin avisar, y el resultado no es de flotantes. Convierte los argumentos
    en flotantes antes de multiplicar.
    """
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)


@misconception("linear")
def lists_not_converted(X, W, b):
    """Operators of arrays are used on lists.

    Lists know no `@`: the arguments may come as lists, so turn them into arrays of floats first.

    es: Se usan operadores de arreglos sobre listas.

    Las listas no conocen `@`: los argumentos pueden llegar como listas, así que conviértelos primero en arreglos de
    flotantes.
    """
    return 1.0 * (X @ W) + b


@misconception("linear")
def added_up_in_the_biases(X, W, b):
    """The sums are gathered in the biases themselves.

    `b += ...` changes the biases of the caller, and the second example starts from what the first has left. Give the
    outputs an array of their own.

    es: Las sumas se acumulan en los sesgos mismos.

    `b += ...` modifica los sesgos de quien llama a la función, y el segundo ejemplo parte de lo que dejó el primero.
    Dales a las salidas un arreglo propio.
    """
    X, W, b = (np.asarray(argument, dtype=float) for argument in (X, W, b))
    result = np.zeros((X.shape[0], W.shape[1]))
    for i, example in enumerate(X):
        b += example @ W
        result[i] = b
    return result
