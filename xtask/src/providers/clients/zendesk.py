"""Zenpy, a client that others wrote, against the fake. Arguments: what the fake's world holds, as JSON; and where to ask.

Ends with an error at the first thing that is not as the client expects it.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

world = json.loads(sys.argv[1])
base = sys.argv[2]
is_judged = os.environ["JUDGED_BY_PRISM"] == "yes"
netloc = urlsplit(base).netloc
# The client says https and the vendor's host of its own accord.
os.environ.update(ZENPY_FORCE_SCHEME="http", ZENPY_FORCE_NETLOC=netloc)

from zenpy import Zenpy
from zenpy.lib.exception import APIException, RecordNotFoundException


class Through(HTTPAdapter):
    """Links in answers lead to the fake itself; they are followed through the judge."""

    def send(self, request, **options):
        request.url = urlsplit(request.url)._replace(netloc=netloc).geturl()
        return super().send(request, **options)


session = requests.Session()
session.mount("http://", Through())
center = Zenpy(subdomain="x", email=world["email"], token=world["api_token"], session=session).help_center

for name in ("categories", "sections", "articles"):
    by_number = [item.id for item in getattr(center, name)(per_page=2)]
    by_cursor = [item.id for item in getattr(center, name)(cursor_pagination=2)]
    assert by_number == by_cursor, name
    assert len(by_number) == len(set(by_number)) == world[name], (name, len(by_number))

article = center.articles(id=world["open"])
assert (article.title, article.body) == ("How refunds work", "<p>A refund takes five days.</p>"), article.to_dict()
assert sorted(article.label_names) == ["bank", "money"] and article.user_segment_id is None
assert center.articles(id=world["draft"]).draft and center.articles(id=world["restricted"]).user_segment_id
assert center.sections(id=world["nested"]).parent_section_id == world["section"]

locales = {text.locale: text.title for text in center.articles.translations(world["open"])}
assert locales == {"en-us": "How refunds work", "de": "So läuft eine Rückzahlung"}, locales

changed = list(center.articles.incremental(start_time=0))
assert {item.id for item in changed} >= {world["open"], world["draft"], world["restricted"]}
assert len({item.id for item in changed}) == world["articles"], len(changed)

try:
    center.articles(id=999)
except RecordNotFoundException:
    pass
else:
    raise AssertionError("there is no article 999")
try:
    wrong = Zenpy(subdomain="x", email=world["email"], token="wrong", session=requests.Session())
    wrong.help_center.session.mount("http://", Through())
    list(wrong.help_center.articles())
except APIException as error:
    assert "authenticate" in str(error), error
else:
    raise AssertionError("a wrong token should have been refused")

if is_judged:
    # The judge is awake: it finds fault with a request that the vendor would refuse.
    try:
        urllib.request.urlopen(base + "/api/v2/help_center/incremental/articles?start_time=abc")
    except urllib.error.HTTPError as error:
        assert "problem+json" in error.headers["content-type"], error.headers
    else:
        raise AssertionError("a start that is no number should have been refused")
print(f"providers: zendesk-help-center: {world['articles']} articles, " + ("judged by Prism" if is_judged else "without Prism"))
