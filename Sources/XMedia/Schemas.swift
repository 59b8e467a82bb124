/// The request schemas of X's OpenAPI document (https://docs.x.com/openapi.json, versions 2.166 to 2.168, read 2026-11-21).
extension Schema {
    private static let categories = Schema.string(.oneOf(MediaCategory.allCases.map(\.rawValue)))
    private static let mediaTypes = Schema.string(.oneOf(MediaType.allCases.map(\.rawValue)))
    private static let ids = Schema.array(of: .string(.id))

    /// `POST /2/media/upload/initialize`.
    public static let initialize = Schema.object([
        .optional("media_category", categories),
        .optional("media_type", mediaTypes),
        .optional("total_bytes", .integer(0...17_179_869_184)),
        .optional("shared", .boolean),
        .optional("additional_owners", ids),
    ])

    /// `POST /2/media/upload/{id}/append` without the media itself; the profile bounds the index further.
    public static let append = Schema.object([
        .required("segment_index", .integer(0...9999))
    ])

    /// `POST /2/media/upload` in one request, without the media itself.
    public static let oneShot = Schema.object([
        .required("media_category", categories),
        .optional("media_type", mediaTypes),
        .optional("shared", .boolean),
        .optional("additional_owners", ids),
    ])

    /// The `metadata` of `POST /2/media/metadata`.
    public static let metadata = Schema.object([
        .optional("alt_text", .object([.required("text", .string(.length(0...1000)))])),
        .optional("allow_download_status", .object([.optional("allow_download", .boolean)])),
        .optional(
            "audience_policy",
            .object([
                .optional("creator_subscriptions", .array(of: .string(.oneOf(["Any"])))),
                .optional("x_subscriptions", .array(of: .string(.oneOf(["Any"])))),
            ])),
        .optional("content_expiration", .object([.required("timestamp_sec", .number)])),
        .optional("domain_restrictions", .object([.required("whitelist", .array(of: .string()))])),
        .optional(
            "found_media_origin",
            .object([
                .required("provider", .string(.length(0...8))),
                .required("id", .string(.length(0...24))),
            ])),
        .optional(
            "geo_restrictions",
            .object([
                .required("whitelisted_country_codes", .array(of: .string(.letters(2)))),
                .required("blacklisted_country_codes", .array(of: .string(.letters(2)))),
            ])),
        .optional("management_info", .object([.required("managed", .boolean)])),
        .optional(
            "preview_image",
            .object([
                .required(
                    "media_key",
                    .object([
                        .required("media", .string(.id)),
                        .optional("media_category", .string(.oneOf(["TweetImage"]))),
                    ]))
            ])),
        .optional(
            "sensitive_media_warning",
            .object([
                .optional("adult_content", .boolean),
                .optional("graphic_violence", .boolean),
                .optional("other", .boolean),
            ])),
        .optional("shared_info", .object([.required("shared", .boolean)])),
        .optional("sticker_info", .object([.required("stickers", .array(of: sticker, count: 1...25))])),
        .optional("upload_source", .object([.required("upload_source", .string())])),
    ])

    private static let sticker = Schema.object([
        .optional("id", .string()),
        .optional("aspect_ratio", .number),
        .optional("group_annotation_id", .number),
        .optional("sticker_set_annotation_id", .number),
        .optional("transform_a", .number), .optional("transform_b", .number),
        .optional("transform_c", .number), .optional("transform_d", .number),
        .optional("transform_tx", .number), .optional("transform_ty", .number),
    ])

    /// `POST /2/media/metadata`.
    public static let createMetadata = Schema.object([
        .required("id", .string(.id)),
        .optional("metadata", metadata),
    ])

    /// `POST /2/tweets`.
    public static let createPost = Schema.object([
        .optional("text", .string()),
        .optional("media", postMedia),
        .optional(
            "poll",
            .object([
                .required("options", .array(of: .string(.length(1...25)), count: 2...4)),
                .required("duration_minutes", .integer(5...10080)),
                .optional("reply_settings", replySettings),
            ])),
        .optional(
            "reply",
            .object([
                .required("in_reply_to_tweet_id", .string(.id)),
                .optional("exclude_reply_user_ids", ids),
                .optional("auto_populate_reply_metadata", .boolean),
            ])),
        .optional("reply_settings", replySettings),
        .optional("quote_tweet_id", .string(.id)),
        .optional("geo", .object([.optional("place_id", .string())])),
        .optional("community_id", .string(.id)),
        .optional("share_with_followers", .boolean),
        .optional("for_super_followers_only", .boolean),
        .optional("nullcast", .boolean),
        .optional("card_uri", .string()),
        .optional("direct_message_deep_link", .string()),
        .optional("edit_options", .object([.required("previous_post_id", .string(.id))])),
        .optional("made_with_ai", .boolean),
        .optional("paid_partnership", .boolean),
    ])

    private static let replySettings = Schema.string(
        .oneOf(["following", "mentionedUsers", "subscribers", "verified"]))

    private static let postMedia = Schema.object([
        .required("media_ids", .array(of: .string(.id), count: 1...4)),
        .optional("tagged_user_ids", .array(of: .string(.id), count: 0...10)),
        .optional("preview_media_id", .string(.id)),
        .optional("title", .string()),
        .optional("description", .string()),
        .optional("embeddable", .boolean),
        .optional("call_to_actions", callToActions),
    ])

    private static let callToActions = Schema.object([
        .optional(
            "app_install",
            .object([
                .optional("app_store_id", .string()),
                .optional("ipad_app_store_id", .string()),
                .optional("play_store_id", .string()),
            ])),
        .optional("visit_site", .object([.required("url", .string())])),
        .optional("watch_now", .object([.required("url", .string())])),
    ])
}
