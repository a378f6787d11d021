# La declaración de dónde se guardaron y a dónde fueron los datos, y el mensaje que la lleva.
residency-title = Informe de residencia de datos
residency-subject = { $tenant }, hasta el final de { $quarter }
residency-for = Cliente
residency-quarter = Trimestre
residency-scope = Abarca
residency-scope-until = Todo lo ocurrido antes del { DATETIME($end) }
residency-made = Elaborado
residency-made-at = { DATETIME($at) }

residency-statement = Declaración
residency-verdict = { $verdict ->
    [compliant] Conforme. Todas las exportaciones permanecieron en la jurisdicción de su conjunto de datos.
    [violated] No conforme. Al menos una exportación salió de la jurisdicción de su conjunto de datos.
    [unknown] No conforme. No consta que ninguna exportación saliera de la jurisdicción de su conjunto de datos, pero al menos una no se puede juzgar, y lo que no se puede juzgar no cuenta como conforme.
   *[empty] Sin exportaciones. No se exportó nada, de modo que nada salió de la jurisdicción en la que se guarda.
}
residency-share = { $exports ->
    [0] No hay proporción conforme, porque no se exportó nada.
   *[other] El { PCT($share) } de todas las exportaciones es conforme; una desconocida cuenta como no conforme.
}

residency-summary = Resumen
residency-judgement = Juicio
residency-count = Número
residency-compliant = Exportaciones conformes
residency-violations = Infracciones
residency-unknown = Exportaciones que no se pueden juzgar
residency-exports = Todas las exportaciones
residency-no-exports = Conjuntos de datos que nunca se exportaron

residency-violations-none = Ninguna exportación salió de la jurisdicción de su conjunto de datos.
residency-unknown-none = No hay ninguna exportación que no se pueda juzgar.
residency-export = Exportación
residency-dataset = Conjunto de datos
residency-from = Se guarda en
residency-to = Fue a
residency-left = Salida
residency-not-told = no consta
residency-no-jurisdiction = sin jurisdicción conocida

residency-datasets = Conjuntos de datos
residency-datasets-none = No consta ningún conjunto de datos.
residency-compliant-short = Conformes
residency-violations-short = Infracciones
residency-unknown-short = Desconocidas

residency-method = Cómo se ha juzgado
residency-method-compared = Cada exportación se juzga por las jurisdicciones de dos regiones, aquella en la que se guarda su conjunto de datos y aquella a la que fue, y no por los nombres de las regiones. Es conforme cuando ambas pertenecen a la misma jurisdicción y una infracción cuando pertenecen a jurisdicciones distintas.
residency-method-unknown = Una exportación no se puede juzgar cuando una región no consta o no pertenece a ninguna de las jurisdicciones siguientes. En ese caso figura como tal y nunca se cuenta como conforme.
residency-method-scope = El informe abarca las exportaciones que salieron antes del { DATETIME($end) } y los conjuntos de datos registrados hasta entonces, tal como constaban cuando se elaboró. Lo que se registró después figura en el informe siguiente. Se basa únicamente en lo que registró { $tenant }.
residency-jurisdiction = Jurisdicción
residency-regions = Regiones
residency-reason = Informe de residencia de datos { $quarter }

# El mensaje.
residency-mail-subject = Informe de residencia de datos { $quarter }: { $verdict ->
    [compliant] conforme
    [violated] no conforme
    [unknown] no conforme, hay exportaciones que no se pueden juzgar
   *[empty] sin exportaciones
}
residency-mail-body =
    Se ha elaborado el informe de residencia de datos de { $quarter }, que encontrará adjunto.

    { $verdict ->
        [compliant] Todas las exportaciones permanecieron en la jurisdicción de su conjunto de datos.
        [violated] Al menos una exportación salió de la jurisdicción de su conjunto de datos. El informe enumera todas.
        [unknown] Al menos una exportación no se puede juzgar, de modo que el trimestre no cuenta como conforme. El informe enumera todas.
       *[empty] No se exportó nada.
    }

    El archivo está firmado digitalmente. Puede comprobarlo sin preguntarnos:
    intelgraph-server verify FILE --root issuer.pem
