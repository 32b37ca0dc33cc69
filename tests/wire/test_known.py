from tui.core.models import ModelCard
from tui.core.settings import ModelFacts
from tui.wire.known import with_known


def completed(card: ModelCard, *, mistral: bool = True, **own: ModelFacts) -> ModelCard:
    facts = {name.replace("_", "-"): value for name, value in own.items()}
    return with_known([card], facts, mistral=mistral)[0]


def test_the_table_fills_what_the_server_does_not_tell():
    card = completed(ModelCard("mistral-small-latest", ("mistral-small-2603",)))
    assert (card.context, card.input_price, card.output_price) == (262_144, 0.15, 0.6)


def test_the_server_comes_before_the_table():
    assert completed(ModelCard("codestral-2508", context=1000)).context == 1000


def test_the_settings_come_before_both():
    own = ModelFacts(context=7, input=0, output=9)
    card = completed(ModelCard("codestral-2508", context=1000), codestral_2508=own)
    assert (card.context, card.input_price, card.output_price) == (7, 0, 9)


def test_the_settings_may_name_an_alias():
    card = completed(ModelCard("x", ("my-alias",)), my_alias=ModelFacts(input=3))
    assert (card.input_price, card.output_price) == (3, None)


def test_other_servers_models_are_not_in_the_table():
    assert completed(ModelCard("codestral-2508"), mistral=False).input_price is None


def test_an_alias_that_the_server_does_not_explain_is_not_guessed():
    assert completed(ModelCard("mistral-large-latest")).input_price is None
