// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/problem.h"

#include <boost/json/serialize.hpp>

#include <string>

namespace brewline::http {

ProblemKind problemKind(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MalformedRequest:
        return {400, "The request is malformed"};
    case ErrorCode::InvalidField:
        return {422, "A value is not valid"};
    case ErrorCode::UnsupportedMediaType:
        return {415, "The body has an unsupported media type"};
    case ErrorCode::Unauthenticated:
        return {401, "A valid token is needed"};
    case ErrorCode::TokenExpired:
        return {401, "The token has expired"};
    case ErrorCode::Forbidden:
        return {403, "This is not allowed"};
    case ErrorCode::NotFound:
        return {404, "There is no such thing"};
    case ErrorCode::MethodNotAllowed:
        return {405, "The method is not allowed here"};
    case ErrorCode::WrongState:
        return {409, "The order is not in the right state"};
    case ErrorCode::OrderAlreadyOpen:
        return {409, "An order is already open"};
    case ErrorCode::NoTokensLeft:
        return {409, "No drinks are left on this code"};
    case ErrorCode::InvalidCode:
        return {422, "The code is not valid"};
    case ErrorCode::ShopClosed:
        return {409, "The shop is closed"};
    case ErrorCode::ShopPaused:
        return {409, "The shop is taking a break"};
    case ErrorCode::ShopFull:
        return {409, "The queue is full"};
    case ErrorCode::DailyLimit:
        return {409, "The limit of drinks is reached"};
    case ErrorCode::SoldOut:
        return {409, "The drink is sold out"};
    case ErrorCode::InvalidPairingCode:
        return {422, "The pairing code is not valid"};
    case ErrorCode::IdempotencyMismatch:
        return {422, "The Idempotency-Key belongs to another request"};
    case ErrorCode::TaskTimedOut:
        return {409, "The task has timed out"};
    case ErrorCode::InvalidTaskToken:
        return {422, "The task token is not valid"};
    case ErrorCode::InvalidDefinition:
        return {422, "The workflow is not valid"};
    case ErrorCode::HeaderTooLarge:
        return {431, "The request's head is too large"};
    case ErrorCode::BodyTooLarge:
        return {413, "The request's body is too large"};
    case ErrorCode::RequestTimeout:
        return {408, "The request took too long to arrive"};
    case ErrorCode::TooManyRequests:
        return {429, "Too many requests"};
    case ErrorCode::Busy:
        return {503, "The service is busy"};
    case ErrorCode::StorageUnavailable:
        return {503, "The storage is unavailable"};
    case ErrorCode::OutcomeUnknown:
        return {503, "The outcome is unknown"};
    case ErrorCode::InvalidConfiguration:
        return {500, "The service is not set up correctly"};
    case ErrorCode::Unreachable: // what clients say of a backend that is away
    case ErrorCode::Internal:
        break;
    }
    return {500, "Something went wrong in the service"};
}

Response problem(const Error &error, const boost::json::object &more, Seconds retryAfter)
{
    const ProblemKind kind = problemKind(error.code);
    boost::json::object body;
    std::string type = "urn:brewline:problem:";
    type += slug(error.code);
    body["type"] = type;
    body["title"] = kind.title;
    body["status"] = kind.status;
    if (!error.detail.empty())
        body["detail"] = error.detail;
    if (!error.pointer.empty())
        body["pointer"] = error.pointer;
    if (!error.state.empty())
        body["state"] = error.state;
    for (const auto &member : more)
        body.emplace(member.key(), member.value());

    Response response{kind.status, "application/problem+json", boost::json::serialize(body)};
    if (kind.status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (kind.status == 429 || kind.status == 503)
        response.headers.emplace_back("Retry-After", std::to_string(retryAfter.count()));
    return response;
}

} // namespace brewline::http
