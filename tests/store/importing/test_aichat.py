from __future__ import annotations

from tests.store.importing.conftest import founds, said, troubles

SESSION = """\
model: openai:gpt-4o
temperature: 0.5
role_name: coder
compressed_messages:
- role: user
  content: Hello
- role: assistant
  content: Hi.
messages:
- role: system
  content: 'Summary: a greeting.'
- role: user
  content:
  - type: text
    text: What is it?
  - type: image_url
    image_url:
      url: data:image/png;base64,AAAA
  - type: image_url
    image_url:
      url: 5f70bf18
- role: assistant
  content: |-
    It is:

    - role: a thing
      content: none
- role: assistant
  content:
    tool_results:
    - call:
        name: look
        arguments:
          a: 1
        id: c1
      output:
        seen: true
    text: ''
    sequence: false
data_urls:
  5f70bf18: /gone.png
"""


def test_a_session_is_read(write):
    [found] = founds(write("sessions/work/cheese.yaml", SESSION))
    assert (found.source, found.id, found.session.title) == ("aichat", "cheese", "cheese")
    assert said(found) == [
        ("user", "Hello"),
        ("assistant", "Hi."),
        ("system", "Summary: a greeting."),
        ("user", "What is it?"),
        ("assistant", "It is:\n\n- role: a thing\n  content: none"),
        ("assistant", ""),
        ("tool", '{"seen": true}'),
    ]
    assert [message.excluded for message in found.session.messages] == [True, True, *[False] * 5]
    assert found.session.messages[5].tool_calls[0].arguments == '{"a": 1}'
    assert found.session.parameters.given() == {"model": "gpt-4o", "temperature": 0.5}
    assert found.notes == [
        "an image that aichat keeps elsewhere was left out",
        "its role_name was left out",
    ]


def test_a_session_that_goes_on_is_the_same(write, importer, store):
    start = "model: m\nmessages:\n- role: user\n  content: Hello\n"
    first = importer.take(founds(write("a.yaml", start))[0])
    again = importer.take(founds(write("a.yaml", start + "- role: assistant\n  content: Hi\n"))[0])
    assert (again.outcome, again.session_id, again.added) == ("grown", first.session_id, 1)
    assert [message.text for message in store.load(first.session_id).branch()] == ["Hello", "Hi"]


def test_what_is_not_read_is_told_by_its_line(write):
    path = write("a.yaml", "model: m\nmessages:\n- role: user\n  content: *other\n")
    assert troubles(path) == [
        f"{path}, conversation 1: line 4: '*' begins something that is not read"
    ]
