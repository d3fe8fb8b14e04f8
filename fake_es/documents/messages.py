"""Texts of the errors of the document APIs."""

from __future__ import annotations

from fake_es.wire.words import Words

NO_VERSION_TYPE = "No version type match [{value}]"
NO_OP_TYPE = "opType must be 'create' or 'index', found: [{value}]"
ID_TOO_LONG = "id [{id}] is too long, must be no longer than 512 bytes but was: {length}"
ID_EMPTY = "if _id is specified it must not be empty"
CREATE_VERSION = "create operations only support internal versioning. use index instead"
CREATE_COMPARES = "create operations do not support compare and set. use index instead"
INTERNAL_VERSION = (
    "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term`"
    " instead"
)
SEQ_NO_WITHOUT_TERM = "ifSeqNo is set, but primary term is [0]"
TERM_WITHOUT_SEQ_NO = "ifSeqNo is unassigned, but primary term is [{term}]"
COMPARES_VERSION = "compare and write operations can not use versioning"
NOT_AN_OBJECT = "Malformed content, must start with an object"
REQUIRE_ALIAS = "no such index [{name}] and [require_alias] request flag is [true] and [{name}] is not an alias"
REQUIRE_STREAM = "no such index [{name}] and [require_data_stream] request flag is [true] and [{name}] is not a data stream"
NO_AUTO_CREATE = "no such index [{name}] and [action.auto_create_index] is [false]"
BLOCKED = "index [{index}] blocked by: [FORBIDDEN/{number}/index {what} (api)];"
DOCUMENT_MISSING = Words(
    "[{type}][{id}]: document missing",
    ((8, 0), "[{id}]: document missing"),
)
SOURCE_NOT_FOUND = Words("Document not found [{index}]/[{type}]/[{id}]", ((8, 0), "Document not found [{index}]/[{id}]"))
NO_SCRIPT_OR_DOC = "script or doc is missing"
SCRIPT_AND_DOC = "can't provide both script and doc"
NO_DOC_AS_UPSERT = "doc must be specified if doc_as_upsert is enabled"
COMPARES_RETRIES = "compare and write operations can not be retried"
COMPARES_DOC_AS_UPSERT = "compare and write operations can not be used with upsert"
COMPARES_UPSERT = "upsert requests don't support `if_seq_no` and `if_primary_term`"
UPDATE_SCRIPT = "update script [{source}] is not emulated by fake_es"
NO_NEWLINE = "The bulk request must be terminated by a newline [\\n]"
BULK_EXPECTED = "Malformed action/metadata line [{line}], expected {wanted} but found [{found}]"
BULK_UNKNOWN = "Action/metadata line [{line}] contains an unknown parameter [{name}]"
NO_REQUESTS = "no requests added"
INDEX_MISSING = "index is missing"
NO_DOCUMENTS = "no documents to get"
ITEM_MISSING = "{what} is missing for doc {place}"
MGET_UNKNOWN = "failed to parse multi get request. unknown field [{name}]"
BAD_OP = "Operation type [{op}] not allowed, only [noop, index, delete] are allowed"
SCRIPT_NULL = "Cannot access a field of [{path}], which is null"
ID_MISSING = "id is missing"
MGET_NOT_OBJECT = "unexpected token [START_ARRAY], expected [FIELD_NAME] or [START_ARRAY]"
MGET_IDS = "ids array element should only contain ids"
MGET_DOCS = "docs array element should include an object"
NO_BACKGROUND = "[wait_for_completion=false] is not emulated by fake_es"
MAX_DOCS = "[max_docs] parameter cannot be negative or zero, found [{value}]"
BAD_CONFLICTS = 'conflicts may only be "proceed" or "abort" but was [{value}]'
NO_QUERY = "query is missing"
SOURCE_INDEX = "index must be specified in source"
DEST_INDEX = "index must be specified in dest"
REINDEX_ITSELF = "reindex cannot write into an index its reading from [{index}]"
