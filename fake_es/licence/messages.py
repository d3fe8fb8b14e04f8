"""Texts about licences, each written once (``LicenseUtils``, ``LicenseService``, ``PostStartTrialResponse``)."""

from __future__ import annotations

NON_COMPLIANT = "current license is non-compliant for [{feature}]"
UNKNOWN_TYPE = "unknown license type [{type}]"
NO_LICENCE_GIVEN = "The license must be provided in the request body"
TOO_MANY = "Only a single license may be provided in the request body"
MALFORMED = "malformed license"
TRIAL_USED = "Operation failed: Trial was already activated."
IS_BASIC = "Operation failed: Current license is basic."
NEEDS_ACKNOWLEDGEMENT = "Operation failed: Needs acknowledgement."
BAD_TRIAL = (
    "Cannot start trial of type [{type}]. Valid trial types are [cloud_internal,enterprise,gold,platinum,standard,trial]."
)
ACKNOWLEDGE_UPDATE = (
    "This license update requires acknowledgement. To acknowledge the license, please read the following messages and"
    ' {again}, this time with the "acknowledge=true" parameter:'
)
UPDATE_AGAIN = "update the license again"
START_BASIC_AGAIN = "call /start_basic again"
ACKNOWLEDGE_TRIAL = (
    "This API initiates a free 30-day trial for all platinum features. By starting this trial, you agree that it is subject"
    " to the terms and conditions at https://www.elastic.co/legal/trial_license/. To begin your free trial, call"
    ' /start_trial again and specify the "acknowledge=true" parameter.'
)
ML_DISABLED = "Machine learning will be disabled"
ACCEPT_ENTERPRISE_TRUE = "The [accept_enterprise] parameters may not be false"
ACCEPT_ENTERPRISE_DEPRECATED = (
    "Including [accept_enterprise] in get license requests is deprecated."
    " The parameter will be removed in the next major version"
)
