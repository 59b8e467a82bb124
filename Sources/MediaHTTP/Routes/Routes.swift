package import Hummingbird

/// All routes of the API and of delivery.
package enum Routes {
    /// Adds the middleware that knows signed requests.
    package static func addAuthentication(to router: Router<RoostContext>, services: RouteServices) {
        router.add(middleware: LargeForms())
        let verifier = OAuth1Verifier(service: services.oauth.oauth1, urls: services.urls)
        router.add(middleware: OAuth1Authentication(verifier: verifier))
    }

    /// Adds the routes to a router that has its middleware.
    package static func add(to router: Router<RoostContext>, services: RouteServices) {
        OAuth1Routes(OAuth1Verifier(service: services.oauth.oauth1, urls: services.urls)).add(to: router)
        InitializeRoute(services).add(to: router)
        AppendRoute(services).add(to: router)
        FinalizeRoute(services).add(to: router)
        StatusRoute(services).add(to: router)
        AbortRoute(services).add(to: router)
        UploadRoute(services).add(to: router)
        MetadataRoute(services).add(to: router)
        MediaLookupRoutes(services).add(to: router)
        UserRoute(services).add(to: router)
        CreatePostRoute(services).add(to: router)
        PostRoutes(services).add(to: router)
        TimelineRoute(services).add(to: router)
        V11Routes(services).add(to: router)
        AuditRoute(services).add(to: router)
        RenditionRoute(services).add(to: router)
        OriginalRoute(services).add(to: router)
        AuthorizeRoute(services.oauth, urls: services.urls).add(to: router)
        OAuth1AuthorizeRoute(services.oauth, urls: services.urls).add(to: router)
        ConnectedAppsRoute(services.oauth, audit: services.audit, urls: services.urls).add(to: router)
        TokenRoutes(services.oauth).add(to: router)
        AuthorizationServerRoute(services.urls).add(to: router)
    }
}
