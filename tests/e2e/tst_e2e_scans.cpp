// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/answers.h"
#include "e2e/booth.h"

#include <boost/json/array.hpp>

#include <QTest>

#include <barrier>
#include <set>
#include <thread>

using namespace brewline::e2e;
namespace json = boost::json;

namespace {

/// What comes back when each of \a people sends \a call at the same moment, on a connection that is open already.
template<typename Call>
std::vector<Answer> together(const Booth &booth, const std::vector<Person> &people, Call call)
{
    std::vector<Answer> answers(people.size());
    std::barrier start(static_cast<std::ptrdiff_t>(people.size()));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < people.size(); ++i) {
        threads.emplace_back([&, i] {
            const auto client = booth.as(people[i]);
            client->connect();
            start.arrive_and_wait();
            answers[i] = call(*client);
        });
    }
    threads.clear();
    return answers;
}

long count(const std::vector<Answer> &answers, int status, const std::string &problem = {})
{
    return std::count_if(answers.begin(), answers.end(),
                         [&](const Answer &answer) { return answer.status == status && answer.problem() == problem; });
}

} // namespace

class TestScans : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void displaysThatAskTogetherGetTheSameCode();
    void codeWithTenTokensStartsTenOrders();
    void doubleTapStartsOneOrder();
    void repeatedKeyGivesTheSameOrder();
};

void TestScans::displaysThatAskTogetherGetTheSameCode()
{
    Booth booth;
    QVERIFY(booth.open());
    std::vector<Person> displays;
    for (int i = 0; i < 8; ++i)
        displays.push_back(booth.pair("display", "TV"));
    const auto answers =
        together(booth, displays, [](HttpClient &client) { return client.get("/v1/events/ABC/code"); });
    std::set<std::string> codes;
    for (const Answer &answer : answers) {
        QCOMPARE(answer.status, 200);
        codes.insert(textOf(answer.json(), "code"));
    }
    QCOMPARE(codes.size(), std::size_t(1));
    QVERIFY(!codes.contains(""));
}

void TestScans::codeWithTenTokensStartsTenOrders()
{
    Booth booth;
    QVERIFY(booth.open());
    const std::string code = booth.code();
    std::vector<Person> guests;
    for (int i = 0; i < 200; ++i)
        guests.push_back(booth.guest("Guest " + std::to_string(i)));
    const auto answers = together(booth, guests, [&](HttpClient &client) {
        return client.post("/v1/events/ABC/orders", json::object{{"code", code}});
    });
    QCOMPARE(count(answers, 201), 10);
    QCOMPARE(count(answers, 409, "no-tokens-left"), 190);
    std::set<std::string> ids;
    for (const Answer &answer : answers) {
        if (answer.status == 201)
            ids.insert(textOf(answer.json(), "id"));
    }
    QCOMPARE(ids.size(), std::size_t(10));
    const json::object page = booth.as(booth.organiser())->get("/v1/events/ABC/orders").json();
    QCOMPARE(page.at("orders").as_array().size(), std::size_t(10));
    const json::object event = booth.as({})->get("/v1/events/ABC").json();
    QCOMPARE(numberOf(event.at("round").as_object(), "tokensLeft"), 0);
    QCOMPARE(numberOf(event, "queue"), 10);
}

void TestScans::doubleTapStartsOneOrder()
{
    Booth booth;
    QVERIFY(booth.open());
    const std::string code = booth.code();
    const std::vector<Person> taps(4, booth.guest("Ada"));
    const auto answers = together(booth, taps, [&](HttpClient &client) {
        return client.post("/v1/events/ABC/orders", json::object{{"code", code}});
    });
    QCOMPARE(count(answers, 201), 1);
    QCOMPARE(count(answers, 409, "order-already-open"), 3);
    const json::object event = booth.as({})->get("/v1/events/ABC").json();
    QCOMPARE(numberOf(event.at("round").as_object(), "tokensLeft"), 9);
}

void TestScans::repeatedKeyGivesTheSameOrder()
{
    Booth booth;
    QVERIFY(booth.open());
    const std::string code = booth.code();
    const Person ada = booth.guest("Ada");
    const auto answers = together(booth, std::vector<Person>(4, ada), [&](HttpClient &client) {
        return client.post("/v1/events/ABC/orders", json::object{{"code", code}}, "one-tap");
    });
    QCOMPARE(count(answers, 201), 4);
    for (const Answer &answer : answers)
        QCOMPARE(timeless(answer.json()), timeless(answers.front().json()));
    const Answer other = booth.as(ada)->post("/v1/events/ABC/orders", json::object{{"code", "OTHER"}}, "one-tap");
    QCOMPARE(other.status, 422);
    QCOMPARE(other.problem(), "idempotency-mismatch");
}

QTEST_GUILESS_MAIN(TestScans)
#include "tst_e2e_scans.moc"
