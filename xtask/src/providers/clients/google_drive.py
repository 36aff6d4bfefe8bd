"""Google's own client against the fake. Arguments: what the fake's world holds, as JSON; and where to ask.

Ends with an error at the first thing that is not as the client expects it.
"""

import io
import json
import os
import sys
import urllib.request

from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload

# As many as the client's own guide waits for; without a number it gives up at the first refusal.
RETRIES = 5
FIELDS = (
    "nextPageToken,incompleteSearch,files(id,name,mimeType,modifiedTime,createdTime,version,md5Checksum,size,trashed,parents,"
    "driveId,webViewLink,iconLink,resourceKey,shortcutDetails,capabilities(canDownload),exportLinks)"
)

world = json.loads(sys.argv[1])
base = sys.argv[2]
is_judged = os.environ["JUDGED_BY_PRISM"] == "yes"


def credentials(subject=None):
    """The tokens come from the fake itself: the judge's document does not know its token endpoint."""
    made = service_account.Credentials.from_service_account_info(
        world["key_file"], scopes=["https://www.googleapis.com/auth/drive.readonly"]
    )
    return made.with_subject(subject) if subject else made


def client(subject=None, origin=base):
    options = {"api_endpoint": origin + "/drive/v3/"}
    return build("drive", "v3", credentials=credentials(subject), static_discovery=True, client_options=options)


def refused(request, status, reason):
    try:
        request.execute(num_retries=RETRIES)
    except HttpError as error:
        assert (error.resp.status, error.error_details[0]["reason"]) == (status, reason), error
        return
    raise AssertionError("should have been refused with " + reason)


drive = client()
files = drive.files()
about = drive.about().get(fields="user(emailAddress)").execute(num_retries=RETRIES)
assert about["user"]["emailAddress"] == world["key_file"]["client_email"]

found = []
request = files.list(pageSize=4, fields=FIELDS, q="trashed=false", supportsAllDrives=True, includeItemsFromAllDrives=True)
while request is not None:
    page = request.execute(num_retries=RETRIES)
    assert not page["incompleteSearch"]
    found += [file["id"] for file in page["files"]]
    request = files.list_next(request, page)
assert len(found) == len(set(found)) == world["files"], found
assert world["shared"] in found

one = drive.drives().list().execute(num_retries=RETRIES)["drives"]
assert [entry["id"] for entry in one] == [world["drive"]]

text = files.export(fileId=world["document"], mimeType="text/markdown").execute(num_retries=RETRIES)
assert text == b"# How refunds work\n\nWithin five days.\n", text

buffer = io.BytesIO()
# Past the judge, which reports every body that is not JSON at a path that may also answer JSON.
media = client(origin=world["origin"]).files()
download = MediaIoBaseDownload(buffer, media.get_media(fileId=world["pdf"]), chunksize=8)
is_done = False
while not is_done:
    _, is_done = download.next_chunk(num_retries=RETRIES)
assert buffer.getvalue() == b"%PDF-1.4\n%%EOF\n", buffer.getvalue()

token = drive.changes().getStartPageToken().execute(num_retries=RETRIES)["startPageToken"]
since = drive.changes().list(pageToken=token, includeRemoved=True).execute(num_retries=RETRIES)
assert since["changes"] == [] and since["newStartPageToken"] == token
request, changes = drive.changes().list(pageToken="1", pageSize=5), 0
while request is not None:
    page = request.execute(num_retries=RETRIES)
    changes += len(page["changes"])
    request = drive.changes().list_next(request, page)
assert changes > 10, changes

refused(files.export(fileId=world["large"], mimeType="text/markdown"), 403, "exportSizeLimitExceeded")
refused(media.get_media(fileId=world["document"]), 403, "fileNotDownloadable")
refused(files.get(fileId="nope"), 404, "notFound")
refused(files.get(fileId=world["keyed"]), 404, "notFound")
refused(files.list(pageToken="stale"), 400, "invalid")

assert client("ann@example.com").files().list(pageSize=1).execute(num_retries=RETRIES)["files"]
for stranger in ("bob@example.com", "gone@example.com"):
    try:
        client(stranger).files().list(pageSize=1).execute()
    except RefreshError as error:
        assert error.args[1]["error"] in ("unauthorized_client", "invalid_grant"), error
    else:
        raise AssertionError(stranger + " should have got no token")

if is_judged:
    # The judge is awake: it finds fault with a request that the vendor would refuse.
    wrong = urllib.request.Request(base + "/drive/v3/files?pageSize=5000", headers={"Authorization": "Bearer x"})
    try:
        urllib.request.urlopen(wrong)
    except urllib.error.HTTPError as error:
        assert "problem+json" in error.headers["content-type"], error.headers
    else:
        raise AssertionError("a page of 5,000 should have been refused")
print(f"providers: google-drive-v3: {len(found)} files, {changes} changes, " + ("judged by Prism" if is_judged else "without Prism"))
