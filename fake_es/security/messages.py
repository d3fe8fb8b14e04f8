"""What security says: each refusal once, with the releases of its wordings."""

from fake_es.wire.words import Words

NO_CREDENTIALS = Words(
    "missing authentication token for REST request [{uri}]",
    ((7, 0), "missing authentication credentials for REST request [{uri}]"),
)
WRONG_CREDENTIALS = "unable to authenticate user [{user}] for {purpose}"
WRONG_RESERVED = Words("failed to authenticate user [{user}]", ((7, 5), WRONG_CREDENTIALS))
BAD_BASIC_ENCODING = "invalid basic authentication header encoding"
BAD_BASIC_VALUE = "invalid basic authentication header value"
PROVIDED_CREDENTIALS = "unable to authenticate with provided credentials and anonymous access is not allowed for this request"
BAD_API_KEY = {
    "unknown": "API key: unable to find apikey with id {id}",
    "invalidated": "API key: api key [{id}] has been invalidated",
    "wrong": "API key: invalid credentials for API key [{id}]",
    "expired": "API key: api key is expired",
    "other type": "API key: authentication expected API key type of [rest], but API key [{id}] has type [{type}]",
}
BAD_TOKEN = "oauth2 token: invalid token"
BAD_SERVICE_TOKEN = "failed to authenticate service account [{account}] with token name [{name}]"
TOKEN_EXPIRED = "token expired"
TOKEN_EXPIRED_CHALLENGE = 'Bearer realm="security", error="invalid_token", error_description="The access token expired"'
BAD_SECONDARY = "Failed to authenticate secondary user"
NO_SECONDARY = "Failed to authenticate secondary user - [{header}] header could not be understood"
REFRESHED = {
    "unknown": "could not refresh the requested token",
    "ended": "token has been invalidated",
    "expired": "refresh token is expired",
    "again": "token has already been refreshed more than 30 seconds in the past",
    "other": "tokens must be refreshed by the creating client",
}

UNAUTHORIZED = "action [{action}] is unauthorized for {who}"
NEEDS_AUTHENTICATION = "action [{action}] requires authentication"
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
ANONYMOUS_USER = "user [{name}] is anonymous and cannot be modified via the API"
OWN_ACCOUNT_ONLY = "users may only check the privileges of their own account"
NO_PRIVILEGES_NAMED = "must specify at least one privilege"
SELF_DISABLE = "users may not update the enabled status of their own account"
LIMITED_PRIVILEGES = (
    "Cannot retrieve privileges for API keys with assigned role descriptors. Please use the Get API key information API"
)
NO_APPLICATION_PRIVILEGES = "At least one application privilege must be provided"
OTHER_PRIVILEGE = "expected privilege {field} [{expected}] but found [{found}] instead"
BAD_APPLICATION = (
    "An application name prefix must match the pattern ^[a-z][A-Za-z0-9]*$ and have at least 3 characters (found '{name}')"
)
BAD_PRIVILEGE_NAME = "Application privilege names must match the pattern [a-z][a-zA-Z0-9_.-]* (found '{name}')"
NO_ACTIONS = "Application privileges must have at least one action"
BAD_ACTION = "action [{action}] must contain one of [ '/' , '*' , ':' ]"
RESERVED_PRIVILEGE_METADATA = "application privilege metadata keys may not start with [_]"
