"""The encoding of a text that is not UTF-8 is the one under which its letters make words."""

import pytest

from core.encodings import OFFERED, codec_of
from core.intake.reading.guess import NAMES, guessed_encoding, not_ascii_sample


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", "номер,возраст,регион\n1,31,Казань\n2,32,Пермь\n"),
        ("koi8_r", "имя,город\nИванов Пётр,Екатеринбург\n"),
        ("cp866", "имя,город\nИванов Пётр,Екатеринбург\n"),
        ("gb18030", "客户编号,年龄,省份\n1,31,北京\n2,32,上海\n"),
        ("big5", "客戶編號,年齡,縣市\n1,31,臺北市\n2,32,高雄市\n"),
        ("cp932", "顧客番号,都道府県\n1,東京都\n2,大阪府\n山田,ヤマダタロウ\n"),
        ("euc_jp", "顧客番号,年齢,都道府県\n1,31,東京都\n2,32,大阪府\n"),
        ("cp949", "고객번호,나이,지역\n1,31,서울\n2,32,부산\n"),
        ("cp1250", "jméno,město\nJiří Řezníček,Plzeň\n"),
        ("cp1250", "klient,miasto\nŁukasz,Łódź\n"),
        ("iso8859_2", "klient,miasto\nŁukasz Żółty,Łódź\nŚwiętosława,Gdańsk\n"),
        ("cp1252", "name,city\nJosé Núñez,Málaga\n"),
        ("cp1252", "Größe,Straße\nMüller,Köln\n"),
        ("cp1252", "NAME\nJOSÉ NÚÑEZ\nGARCÍA\n"),
        ("cp1252", "price\n£100\n€50\n"),
        ("cp1252", "Søren Kjær,Ålborg\nÅse,Tromsø\n"),
        ("mac_roman", "name,city\nJosé Núñez,Málaga\n"),
        ("mac_roman", "Straße\nMüller,Köln\nGroß,Düsseldorf\n"),
        ("cp1253", "πελάτης,πόλη\nΓιώργος,Αθήνα\n"),
        ("cp1254", "müşteri,şehir\nAyşe Yıldız,İstanbul\n"),
        ("cp1255", "לקוח,עיר\nדוד כהן,ירושלים\n"),
        ("cp1257", "klients,pilsēta\nJānis Bērziņš,Rīga\n"),
    ],
)
def test_letters_tell_the_encoding(codec, text):
    content = text.encode(codec)
    assert content.decode(guessed_encoding(not_ascii_sample(content))[1]) == text


def test_samples_of_chunks_add_up():
    lines = [f"{at},Zoë\n".encode("cp1252") if at % 3 else b"a,b\n" for at in range(90)]
    chunks = [not_ascii_sample(b"".join(lines[at : at + 30]), 100) for at in (0, 30, 60)]
    assert not_ascii_sample(b"\n".join(chunks), 100) == not_ascii_sample(b"".join(lines), 100)


def test_each_encoding_that_is_recognised_can_be_chosen():
    assert set(NAMES.values()) <= set(OFFERED)
    assert {name: b"a".decode(codec_of(name)) for name in OFFERED if name != "UTF-16"}.keys() == set(OFFERED) - {
        "UTF-16"
    }
