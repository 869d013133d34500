// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.server.guard.Firewall;
import io.sgcsign.server.identity.AccessException;
import io.sgcsign.server.identity.Authenticator;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.ops.Log;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes an exchange through firewall, route, credential and endpoint, and answers problems. */
final class Router {
  private static final String API = "/api/v1/";

  private final List<Route> routes;
  private final Firewall firewall;
  private final Authenticator authenticator;
  private final Set<String> publicPaths;
  private final Log log;

  Router(
      List<Endpoint> endpoints,
      Firewall firewall,
      Authenticator authenticator,
      Set<String> publicPaths,
      Log log) {
    this.routes = endpoints.stream().map(Route::of).toList();
    this.firewall = firewall;
    this.authenticator = authenticator;
    this.publicPaths = Set.copyOf(publicPaths);
    this.log = log;
  }

  /** An endpoint with what it says of itself, asked once. */
  private record Route(Operation operation, List<String> template, Endpoint endpoint) {
    static Route of(Endpoint endpoint) {
      Operation operation = endpoint.operation();
      return new Route(operation, segments(operation.path()), endpoint);
    }
  }

  void handle(Exchange exchange) {
    try {
      Optional<Problem> refused = firewall.refuse(exchange.peer(), exchange.connection());
      if (refused.isPresent()) {
        exchange.closeConnection();
        Problems.send(exchange, refused.get());
        return;
      }
      dispatch(exchange);
    } catch (IOException | RuntimeException e) {
      fail(exchange, e);
    }
  }

  private void dispatch(Exchange exchange) throws IOException {
    boolean known = false;
    List<String> path = segments(exchange.path());
    for (Route route : routes) {
      Map<String, String> parameters = match(route.template(), path);
      if (parameters == null) {
        continue;
      }
      known = true;
      if (route.operation().method().equals(exchange.method())) {
        exchange.pathParameters(parameters);
        exchange.principal(admit(exchange, route.operation()));
        route.endpoint().handle(exchange);
        return;
      }
    }
    throw known
        ? ProblemException.of(Code.METHOD_NOT_ALLOWED, exchange.method() + " is not possible here")
        : ProblemException.of(Code.NOT_FOUND, "There is nothing at " + exchange.path());
  }

  private Principal admit(Exchange exchange, Operation operation) {
    if (operation.access() == Access.OPEN) {
      return new Principal.Anonymous();
    }
    Optional<Principal> known = authenticate(exchange);
    if (known.isEmpty() && operation.access() == Access.ANY && isPublic(operation.path())) {
      return new Principal.Anonymous();
    }
    Principal principal =
        known.orElseThrow(
            () -> new ProblemException(Problem.of(Code.CREDENTIALS_MISSING, "No credential")));
    boolean fits =
        switch (operation.access()) {
          case OPEN, ANY -> true;
          case KEY -> principal instanceof Principal.ApiKey;
          case ADMIN -> principal instanceof Principal.User;
        };
    if (!fits) {
      throw operation.access() == Access.KEY
          ? ProblemException.of(
              Code.FORBIDDEN, "Only API keys sign", "Make one: sgcsign keys create.")
          : ProblemException.of(
              Code.FORBIDDEN, "Only administrators may do this", "Log in: sgcsign login.");
    }
    return principal;
  }

  private Optional<Principal> authenticate(Exchange exchange) {
    try {
      Optional<Principal> principal =
          authenticator.authenticate(
              exchange.header("X-API-Key"), exchange.header("Authorization"));
      principal.ifPresent(p -> firewall.succeeded(exchange.peer()));
      return principal;
    } catch (AccessException e) {
      if (e.guess() && firewall.failed(exchange.peer())) {
        log.warning("firewall.banned", Map.of("peer", exchange.peer().getHostAddress()));
      }
      throw e;
    }
  }

  private boolean isPublic(String path) {
    return publicPaths.contains(path)
        || (path.startsWith(API) && publicPaths.contains(path.substring(API.length())));
  }

  private void fail(Exchange exchange, Exception error) {
    Problem problem = Problems.of(error);
    if (problem.code() == Code.INTERNAL) {
      log.error("request.failed", Map.of("request", exchange.requestId()), error);
    }
    if (exchange.answered()) {
      return;
    }
    if (!exchange.method().equals("GET")) {
      // the rest of the body was not read: the connection cannot be used again
      exchange.closeConnection();
    }
    Problems.send(exchange, problem);
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  /** The parameters of {@code path} under {@code template}; null if it does not match. */
  private static @Nullable Map<String, String> match(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return null;
    }
    Map<String, String> parameters = Map.of();
    for (int i = 0; i < template.size(); i++) {
      String wanted = template.get(i);
      if (wanted.startsWith("{")) {
        parameters = new HashMap<>(parameters);
        parameters.put(wanted.substring(1, wanted.length() - 1), path.get(i));
      } else if (!wanted.equals(path.get(i))) {
        return null;
      }
    }
    return parameters;
  }
}
