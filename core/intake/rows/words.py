"""Headers that say what a row is, and names of months: tables that are easy to extend."""

from typing import Final, Literal

Key = Literal["date", "updated", "account", "product", "reference"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Whole headers (`roles.header_key`) of the day or month that a row's values are of.
SNAPSHOT_DATES: Final = _words("""
    date day month period quarter snapshot snapshot_date snapshot_month as_of as_of_date as_at as_at_date asof
    asof_date asofdate report_date reporting_date report_month reporting_month reporting_period month_end
    month_end_date monthend eom eom_date year_month yearmonth yyyymm period_end period_end_date extract_date
    extraction_date extracted_on load_date run_date file_date data_date position_date valuation_date balance_date
    statement_month statement_date observation_date observation_month business_date stichtag datum monat
    berichtsmonat berichtsdatum mes fecha fecha_corte periodo mois periode date_arrete data_base data_referencia mese
""")
# One of these words in a header: when the row was written.
UPDATED: Final = _words("""
    updated update modified modification changed amended edited lastmodified lastupdated lastupdate updatedat
    geaendert geandert aktualisiert modifie actualizado actualizacion atualizado aggiornato
""")
# A word for the thing, then the last word for its name (`account_no`) or its kind (`card_type`).
ACCOUNTS: Final = _words("""
    account acct acc card cc konto konten contract policy loan facility mandate deposit compte cuenta conta conto
    vertrag carte tarjeta
""")
PRODUCTS: Final = ACCOUNTS | _words("product produkt produit producto")
REFERENCES: Final = _words("""
    transaction trans txn trx tran order invoice payment receipt booking sale event posting entry buchung rechnung
    bestellung commande facture pedido factura transaktion
""")
NAMES: Final = _words("no nr num number id key ref reference nummer numero")
KINDS: Final = _words("type kind name code art typ tipo class category")
# Whole headers that say it alone.
ALONE: Final[dict[str, Key]] = {
    **dict.fromkeys(
        _words("""account acct konto iban kontonummer kontonr accountno accountnumber cardnumber cardno
            vertragsnummer"""),
        "account",
    ),
    **dict.fromkeys(_words("product produkt produit producto kontoart product_id"), "product"),
    **dict.fromkeys(
        _words("reference ref invoice receipt belegnummer transactionid orderid invoiceno transaction_id"),
        "reference",
    ),
}

# Beginnings of the months' names in English, German, French, Spanish, Portuguese and Italian.
MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan januar january janvier janv ene enero janeiro gen gennaio",
            "feb februar february fevrier fev febrero fevereiro febbraio",
            "mar maerz marz mrz march mars marzo marco",
            "apr april avril avr abr abril aprile",
            "may mai mayo maio mag maggio",
            "jun june juni juin junio junho giu giugno",
            "jul july juli juillet juil julio julho lug luglio",
            "aug august aout ago agosto",
            "sep sept september septembre septiembre set setembro settembre",
            "oct okt october oktober octobre octubre out outubro ott ottobre",
            "nov november novembre noviembre novembro",
            "dec dez december dezember decembre dic diciembre dezembro dicembre",
        ),
        start=1,
    )
    for word in words.split()
}
