"""Who may call which API: written down from the documentation of the server, not from the code it is held against.

One line for a kind of privilege, and below it the APIs that take it.
"""

from __future__ import annotations

_TABLE = """
manage_ml
    ml.put_job ml.update_job ml.delete_job ml.open_job ml.close_job ml.flush_job ml.post_data ml.reset_job ml.forecast
    ml.delete_forecast ml.update_model_snapshot ml.delete_model_snapshot ml.revert_model_snapshot ml.upgrade_job_snapshot
    ml.put_datafeed ml.update_datafeed ml.delete_datafeed ml.start_datafeed ml.stop_datafeed ml.preview_datafeed
    ml.put_calendar ml.delete_calendar ml.put_calendar_job ml.delete_calendar_job ml.post_calendar_events
    ml.delete_calendar_event ml.put_filter ml.get_filters ml.update_filter ml.delete_filter ml.set_upgrade_mode ml.validate
    ml.validate_detector ml.estimate_model_memory ml.delete_expired_data
    ml.put_data_frame_analytics ml.update_data_frame_analytics ml.delete_data_frame_analytics ml.start_data_frame_analytics
    ml.stop_data_frame_analytics ml.explain_data_frame_analytics ml.preview_data_frame_analytics ml.estimate_memory_usage
    ml.put_trained_model ml.delete_trained_model ml.put_trained_model_alias ml.delete_trained_model_alias
    ml.put_trained_model_definition_part ml.put_trained_model_vocabulary ml.start_trained_model_deployment
    ml.stop_trained_model_deployment ml.update_trained_model_deployment ml.clear_trained_model_deployment_cache
monitor_ml
    ml.get_jobs ml.get_job_stats ml.get_buckets ml.get_records ml.get_influencers ml.get_categories ml.get_overall_buckets
    ml.get_model_snapshots ml.get_model_snapshot_upgrade_stats ml.get_datafeeds ml.get_datafeed_stats ml.get_calendars
    ml.get_calendar_events ml.info ml.get_memory_stats cat.ml_jobs cat.ml_datafeeds
    ml.get_data_frame_analytics ml.get_data_frame_analytics_stats ml.evaluate_data_frame ml.get_trained_models
    ml.get_trained_models_stats ml.infer_trained_model ml.infer_trained_model_deployment ml.find_file_structure
    cat.ml_data_frame_analytics cat.ml_trained_models
monitor
    info ping cluster.get_settings cluster.health nodes.info nodes.stats cluster.state cluster.stats health_report tasks.list
    tasks.get cat.health cat.nodes cat.master cat.plugins cat.tasks license.get xpack.info xpack.usage security.get_stats
    cat.allocation cat.fielddata cat.nodeattrs cat.pending_tasks cat.segments cat.shards cat.templates cat.thread_pool
    cat.transforms cluster.allocation_explain cluster.pending_tasks cluster.remote_info nodes.hot_threads nodes.usage
    ingest.geo_ip_stats text_structure.find_structure
manage
    cluster.put_settings features.get_features tasks.cancel ingest.put_pipeline ingest.get_pipeline ingest.delete_pipeline
    ingest.simulate license.post license.delete license.get_trial_status license.get_basic_status license.post_start_trial
    license.post_start_basic indices.put_template indices.delete_template indices.put_index_template
    indices.delete_index_template indices.simulate_index_template cluster.put_component_template
    cluster.delete_component_template
    cat.repositories cluster.reroute put_script get_script delete_script features.reset_features ingest.processor_grok
    nodes.reload_secure_settings indices.simulate_template
templates are shown
    indices.get_template indices.exists_template indices.get_index_template indices.exists_index_template
    cluster.get_component_template cluster.exists_component_template
    cat.component_templates
manage_security
    security.put_user security.get_user security.delete_user security.change_password security.enable_user
    security.disable_user security.put_role security.get_role security.delete_role security.bulk_put_role
    security.bulk_delete_role security.query_user security.query_role security.query_api_keys security.create_api_key
    security.grant_api_key security.clone_api_key security.get_api_key security.invalidate_api_key security.update_api_key
    security.bulk_update_api_keys security.create_cross_cluster_api_key security.update_cross_cluster_api_key
    security.get_token security.invalidate_token security.get_service_accounts security.create_service_token
    security.delete_service_token security.get_service_credentials security.put_privileges security.get_privileges
    security.delete_privileges security.get_builtin_privileges security.put_role_mapping security.get_role_mapping
    security.delete_role_mapping security.activate_user_profile security.get_user_profile security.enable_user_profile
    security.disable_user_profile security.update_user_profile_data security.suggest_user_profiles
    security.has_privileges_user_profile security.get_settings security.update_settings security.clear_cached_roles
    security.clear_cached_realms security.clear_cached_privileges security.clear_api_key_cache
    security.clear_cached_service_tokens
    security.delegate_pki security.enroll_kibana security.enroll_node security.oidc_authenticate security.oidc_logout
    security.oidc_prepare_authentication security.saml_authenticate security.saml_complete_logout security.saml_invalidate
    security.saml_logout security.saml_prepare_authentication security.saml_service_provider_metadata
nothing
    security.authenticate security.has_privileges security.get_user_privileges clear_scroll close_point_in_time cat.help
the index
    cat.indices cat.count cat.aliases indices.create indices.get indices.exists indices.delete indices.open indices.close
    index create delete get exists get_source exists_source update indices.get_mapping indices.put_mapping
    indices.get_field_mapping
    indices.get_settings indices.put_settings indices.update_aliases indices.put_alias indices.delete_alias
    indices.get_alias indices.exists_alias indices.refresh indices.flush indices.forcemerge indices.clear_cache field_caps
    indices.stats indices.resolve_index indices.validate_query indices.analyze delete_by_query update_by_query
    indices.get_data_stream search count open_point_in_time reindex
    cat.recovery explain indices.rollover indices.shrink indices.split indices.clone indices.segments indices.recovery
    indices.shard_stores indices.create_data_stream indices.delete_data_stream search_shards terms_enum termvectors
    mtermvectors rank_eval search_template msearch_template
reading any index
    mget msearch scroll
    render_search_template
writing any index
    bulk
all of everything
    fake.info fake.reset fake.get_clock fake.move_clock fake.get_delays fake.put_delays fake.get_licence fake.put_licence
    fake.fail_job fake.get_calls fake.delete_calls fake.verify_calls fake.export_calls
    fake.get_faults fake.get_fault fake.put_fault fake.delete_fault fake.delete_faults
"""

# Which privileges of a caller are enough for a kind.
ENOUGH: dict[str, frozenset[str]] = {
    "manage_ml": frozenset({"manage_ml", "manage", "all"}),
    "monitor_ml": frozenset({"monitor_ml", "manage_ml", "monitor", "manage", "all"}),
    "monitor": frozenset({"monitor", "manage", "all"}),
    "manage": frozenset({"manage", "all"}),
    "templates are shown": frozenset({"manage", "all", "sees templates"}),
    "manage_security": frozenset({"manage_security", "all"}),
    "the index": frozenset({"superuser"}),
    "reading any index": frozenset({"superuser", "reads .ml-*"}),
    "writing any index": frozenset({"superuser", "writes .ml-annotations"}),
    "all of everything": frozenset({"superuser"}),
}


def kinds() -> dict[str, str]:
    """The kind of each API, by its name."""
    found, kind = {}, ""
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            kind = line
        for name in line.split() if line.startswith(" ") else ():
            assert name not in found, name
            found[name] = kind
    return found


def allowed(kind: str, privileges: frozenset[str]) -> bool:
    """Whether somebody with those privileges may call an API of that kind."""
    return kind == "nothing" or bool(ENOUGH[kind] & privileges)
