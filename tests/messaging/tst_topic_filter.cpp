// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/topicfilter.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace brewline::brokerauth;

namespace {

/// All texts of one to \a most levels taken from \a levels.
std::vector<std::string> combinations(const std::vector<std::string> &levels, int most)
{
    std::vector<std::string> all = levels;
    std::vector<std::string> longest = levels;
    for (int length = 2; length <= most; ++length) {
        std::vector<std::string> longer;
        for (const auto &head : longest) {
            for (const auto &tail : levels)
                longer.push_back(head + "/" + tail);
        }
        all.insert(all.end(), longer.begin(), longer.end());
        longest = std::move(longer);
    }
    return all;
}

} // namespace

class TopicFilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void topicMatchesFilter_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<QByteArray>("topic");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char *filter, const char *topic, bool expected) {
            QTest::addRow("%s : %s", filter, topic) << QByteArray(filter) << QByteArray(topic) << expected;
        };
        row("a/b", "a/b", true);
        row("a/b", "a/b/", false);
        row("a/b", "a", false);
        row("a/b", "/a/b", false);
        row("a/b", "A/b", false);
        row("+", "a", true);
        row("+", "", true);
        row("+", "a/b", false);
        row("+/+", "/a", true);
        row("/+", "/a", true);
        row("+", "/a", false);
        row("a/+/c", "a/b/c", true);
        row("a/+/c", "a//c", true);
        row("a/+/c", "a/b/b/c", false);
        row("a/+", "a", false);
        row("a/+", "a/", true);
        row("#", "a/b/c", true);
        row("a/#", "a", true);
        row("a/#", "a/", true);
        row("a/#", "a/b/c", true);
        row("a/#", "ab", false);
        row("a/+/#", "a", false);
        row("a/+/#", "a/b", true);
        row("#", "$SYS/broker", false);
        row("+/broker", "$SYS/broker", false);
        row("$SYS/#", "$SYS/broker", true);
        row("$SYS/+", "$SYS/broker", true);
        row("+/$x", "a/$x", true);
    }

    void topicMatchesFilter()
    {
        QFETCH(QByteArray, filter);
        QFETCH(QByteArray, topic);
        QTEST(matches(filter.toStdString(), topic.toStdString()), "expected");
    }

    void filterIsWellFormed_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<bool>("expected");
        for (const char *good : {"a", "/", "a//b", "+", "#", "+/+/#", "a/#", "$SYS/#", " ", "/#"})
            QTest::addRow("good %s", good) << QByteArray(good) << true;
        for (const char *bad : {"", "a#", "#a", "#/a", "a/#/b", "a+", "+a/b", "a/b+", "##", "a/##"})
            QTest::addRow("bad %s", bad) << QByteArray(bad) << false;
        QTest::newRow("bad: NUL") << QByteArray("a\0b", 3) << false;
        QTest::newRow("bad: too long") << QByteArray(65536, 'a') << false;
    }

    void filterIsWellFormed()
    {
        QFETCH(QByteArray, filter);
        QTEST(isValidFilter(filter.toStdString()), "expected");
    }

    /// Covering is compared with what it means, over all short filters and topics: no filter is granted that lets
    /// through a single topic too many, and none is refused without need.
    void coveringMeansThatNoTopicEscapes()
    {
        std::vector<std::string> filters;
        for (const auto &filter : combinations({"a", "", "$x", "+", "#"}, 3)) {
            if (isValidFilter(filter))
                filters.push_back(filter);
        }
        // "b" stands for any level that no filter names.
        const auto topics = combinations({"a", "b", "", "$x", "$y"}, 4);
        std::vector<std::vector<bool>> reached;
        for (const auto &filter : filters) {
            std::vector<bool> &row = reached.emplace_back();
            for (const auto &topic : topics)
                row.push_back(matches(filter, topic));
        }
        for (std::size_t wide = 0; wide < filters.size(); ++wide) {
            for (std::size_t narrow = 0; narrow < filters.size(); ++narrow) {
                bool contained = true;
                for (std::size_t i = 0; i < topics.size() && contained; ++i)
                    contained = !reached[narrow][i] || reached[wide][i];
                if (covers(filters[wide], filters[narrow]) != contained) {
                    QFAIL(qPrintable(QString::fromStdString("\"" + filters[wide] + "\" against \"" + filters[narrow] +
                                                            "\": should be " + (contained ? "covered" : "refused"))));
                }
            }
        }
        QVERIFY(filters.size() > 80);
    }
};

QTEST_GUILESS_MAIN(TopicFilterTest)
#include "tst_topic_filter.moc"
