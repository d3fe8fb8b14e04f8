"""What security says: each refusal once, with the releases of its wordings."""

from fake_es.wire.words import Words

NO_CREDENTIALS = Words(
    "missing authentication token for REST request [{uri}]",
    ((7, 0), "missing authentication credentials for REST request [{uri}]"),
)
WRONG_CREDENTIALS = "unable to authenticate user [{user}] for REST request [{uri}]"
WRONG_RESERVED = Words("failed to authenticate user [{user}]", ((7, 5), WRONG_CREDENTIALS))
BAD_BASIC_ENCODING = "invalid basic authentication header encoding"
BAD_BASIC_VALUE = "invalid basic authentication header value"
PROVIDED_CREDENTIALS = "unable to authenticate with provided credentials and anonymous access is not allowed for this request"
NO_SUCH_API_KEY = "API key: unable to find apikey with id {id}"

UNAUTHORIZED = "action [{action}] is unauthorized for user [{user}]"
RUN_AS_DENIED = Words(
    "action [{action}] is unauthorized for user [{user}] run as [{target}]",
    (
        (8, 3),
        "action [{action}] is unauthorized for user [{user}] with effective roles [{roles}],"
        " because user [{user}] is unauthorized to run as [{target}]",
    ),
)
GRANTED_BY = ", this action is granted by the cluster privileges [{privileges}]"
GRANTED_BY_INDEX = ", this action is granted by the index privileges [{privileges}]"

UNKNOWN_PRIVILEGE = Words(
    "unknown cluster privilege [{name}]. a privilege must be either one of the predefined fixed cluster privileges"
    " [{known}] or a pattern over one of the available cluster actions",
    (
        (7, 4),
        "unknown cluster privilege [{name}]. a privilege must be either one of the predefined cluster privilege names"
        " [{known}] or a pattern over one of the available cluster actions",
    ),
)
RESERVED_ROLE = "role [{name}] is reserved and cannot be modified."
RESERVED_ROLE_DELETED = "role [{name}] is reserved and cannot be deleted"
RESERVED_USER = "user [{name}] is reserved and only the password can be changed"
RESERVED_USER_DELETED = "user [{name}] is reserved and cannot be deleted"
INTERNAL_USER = "user [{name}] is internal"
BAD_NAME = (
    "{kind} names must be at least 1 and no more than {most} characters. They can contain alphanumeric characters"
    " (a-z, A-Z, 0-9), spaces, punctuation, and printable symbols in the Basic Latin (ASCII) block."
    " Leading or trailing whitespace is not allowed."
)
ROLES_MISSING = "roles are missing"
RESERVED_METADATA = "metadata keys may not start with [_]"
SHORT_PASSWORD = "passwords must be at least [6] characters long"
PASSWORD_NEEDED = "password must be specified unless you are updating an existing user"
PASSWORD_MISSING = "password is missing"
USER_MUST_EXIST = "user must exist in order to change password"
NO_SUCH_USER = "only existing users can be {verb}"
OWN_ACCOUNT_ONLY = "users may only check the privileges of their own account"
NO_PRIVILEGES_NAMED = "must specify at least one privilege"
SELF_DISABLE = "users may not update the enabled status of their own account"
