// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/eventfile.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using application::readEventFile;

namespace {

/// A small good event; line 2 is its name, line 7 the id of its only drink.
std::string fileWith(const std::string &line, const std::string &replacement)
{
    std::string text = "id = \"ABC\"\n"
                       "name = \"Bar\"\n"
                       "timezone = \"Europe/Copenhagen\"\n"
                       "[limits]\n"
                       "codeSeconds = 60\n"
                       "[[menu]]\n"
                       "id = \"latte\"\n"
                       "name = \"Latte\"\n"
                       "stock = 5\n"
                       "[[menu.options]]\n"
                       "id = \"milk\"\n"
                       "name = \"Milk\"\n"
                       "choices = [{ id = \"oat\", name = \"Oat\" }]\n";
    const std::size_t at = text.find(line);
    return line.empty() ? text + replacement : text.replace(at, line.size(), replacement);
}

} // namespace

class EventFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDemoFileReads()
    {
        const auto event = readEventFile(application::demoEventFile(), "demo.toml");
        QVERIFY2(event, event ? "" : event.error().detail.c_str());
        QCOMPARE(event->id.text(), std::string("ABC"));
        QCOMPARE(event->limits, domain::Limits{});
        QVERIFY(event->menu.items.size() >= 6);
        const auto *tea = event->menu.find("tea");
        QVERIFY(tea);
        QVERIFY(tea->optionGroups.front().required);
        QCOMPARE(tea->names.at("da"), std::string("Te"));
    }

    void everySettingArrives()
    {
        const auto event = readEventFile(R"(
id = "XY-1"
name = "Øl & kaffe"
language = "da"
timezone = "Europe/Copenhagen"
guests = false
namesOnBoard = "initial"
[limits]
maxOrdersInQueue = 1
maxOrdersPerUser = 2
drinksPerCode = 3
codeSeconds = 40
codeGraceSeconds = 5
customerTimeoutSeconds = 6
baristaTimeoutSeconds = 7
pickupTimeoutSeconds = 8
[[menu]]
id = "latte"
name = "Latte"
names = { de = "Milchkaffee" }
description = "Mild"
allergens = ["milk", "nuts"]
icon = "cup"
available = false
stock = 9
[[menu.options]]
id = "syrup"
name = "Syrup"
required = true
max = 2
choices = [{ id = "vanilla", name = "Vanilla" }, { id = "caramel", name = "Caramel", names = { de = "Karamell" } }]
)",
                                         "event.toml");
        QVERIFY2(event, event ? "" : event.error().detail.c_str());
        QCOMPARE(event->name, std::string("Øl & kaffe"));
        QCOMPARE(event->language, std::string("da"));
        QCOMPARE(event->timezone, std::string("Europe/Copenhagen"));
        QVERIFY(!event->guestsAllowed);
        QCOMPARE(event->namesOnBoard, domain::NamesOnBoard::Initial);
        const domain::Limits limits{1, 2, 3, Seconds(40), Seconds(5), Seconds(6), Seconds(7), Seconds(8)};
        QCOMPARE(event->limits, limits);
        const domain::MenuItem latte{"latte",
                                     "Latte",
                                     {{"de", "Milchkaffee"}},
                                     "Mild",
                                     {"milk", "nuts"},
                                     "cup",
                                     false,
                                     9,
                                     {{"syrup",
                                       "Syrup",
                                       {},
                                       true,
                                       2,
                                       {{"vanilla", "Vanilla", {}}, {"caramel", "Caramel", {{"de", "Karamell"}}}}}}};
        QVERIFY(event->menu.items.front() == latte);
    }

    void everyMistakeIsToldWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("replacement");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char *name, const char *line, const char *replacement, const char *problem) {
            QTest::newRow(name) << QByteArray(line) << QByteArray(replacement) << QByteArray(problem);
        };
        row("not TOML", "name = \"Bar\"", "name = ", "event.toml:2: ");
        row("bad UTF-8", "name = \"Bar\"", "name = \"\xff\"", "event.toml:2: ");
        row("a key twice", "name = \"Bar\"", "id = \"DEF\"", "event.toml:2: ");
        row("unknown key", "timezone", "timezon", "event.toml:3: There is no setting \"timezon\"");
        row("unknown limit", "codeSeconds", "codeSecs", "event.toml:5: There is no setting \"codeSecs\"");
        row("unknown key of an item", "stock = 5", "stok = 5", "event.toml:9: There is no setting \"stok\"");
        row("unknown key of a choice", "name = \"Oat\"", "name = \"Oat\", price = 3",
            "event.toml:13: There is no setting \"price\"");
        row("no id", "id = \"ABC\"\n", "", "The setting \"id\" is missing.");
        row("no name", "name = \"Bar\"\n", "", "The setting \"name\" is missing.");
        row("empty name", "name = \"Bar\"", "name = \"\"", "event.toml:2: \"name\" must not be empty.");
        row("empty name of an item", "name = \"Latte\"", "name = \"\"", "event.toml:8: \"name\" must not be empty.");
        row("no name of an item", "name = \"Latte\"\n", "", "event.toml:6: The setting \"name\" is missing.");
        row("bad id", "id = \"ABC\"", "id = \"A/C\"", "event.toml:1: \"id\" must have 1 to 32");
        row("bad id of an item", "id = \"latte\"", "id = \"\"", "event.toml:7: \"id\" must have 1 to 32");
        row("text where a number is due", "codeSeconds = 60", "codeSeconds = \"60\"",
            "event.toml:5: \"codeSeconds\" must be a whole number from 10 to 86400.");
        row("number out of range", "codeSeconds = 60", "codeSeconds = 9", "event.toml:5: \"codeSeconds\" must be");
        row("fraction", "stock = 5", "stock = 5.5", "event.toml:9: \"stock\" must be a whole number");
        row("negative stock", "stock = 5", "stock = -1", "event.toml:9: \"stock\" must be a whole number");
        row("number where a text is due", "name = \"Bar\"", "name = 5", "event.toml:2: \"name\" must be a text.");
        row("text where a flag is due", "name = \"Bar\"", "name = \"Bar\"\nguests = \"yes\"",
            "event.toml:3: \"guests\" must be true or false.");
        row("no such choice of names", "name = \"Bar\"", "name = \"Bar\"\nnamesOnBoard = \"all\"",
            "event.toml:3: \"namesOnBoard\" must be none, initial or name.");
        row("no such time zone", "Europe/Copenhagen", "Europe/Copenhague",
            "event.toml:3: \"timezone\" must be an IANA name such as \"Europe/Copenhagen\".");
        row("limits that are no table", "[limits]\ncodeSeconds = 60\n", "limits = 5\n",
            "event.toml:4: \"limits\" must be a table.");
        row("names that are no table", "stock = 5", "names = \"Latte\"",
            "event.toml:9: \"names\" must be a table of language = text.");
        row("a name that is no text", "stock = 5", "names = { de = 5 }", "event.toml:9: The text of language \"de\"");
        row("allergens that are no list", "stock = 5", "allergens = \"milk\"",
            "event.toml:9: \"allergens\" must be a list of texts.");
        row("an allergen that is no text", "stock = 5", "allergens = [\n\"milk\",\n5]",
            "event.toml:11: Each entry of \"allergens\" must be a text.");
        row("choices that are no list", "choices = [{ id = \"oat\", name = \"Oat\" }]", "choices = 5",
            "event.toml:13: \"choices\" must be a list of tables.");
        row("a choice that is no table", "choices = [{ id = \"oat\", name = \"Oat\" }]", "choices = [5]",
            "event.toml:13: Each entry of \"choices\" must be a table.");
        row("a group without choices", "choices = [{ id = \"oat\", name = \"Oat\" }]", "choices = []",
            "event.toml:13: The option group \"milk\" needs \"choices\".");
        row("a choice twice", "{ id = \"oat\", name = \"Oat\" }",
            "{ id = \"oat\", name = \"Oat\" },\n{ id = \"oat\", name = \"Oats\" }",
            "event.toml:14: The option \"oat\" is there twice");
        row("a choice twice in two groups", "",
            "[[menu.options]]\nid = \"grain\"\nname = \"Grain\"\nchoices = [{ id = \"oat\", name = \"Oat\" }]\n",
            "event.toml:17: The option \"oat\" is there twice");
        row("a group twice", "",
            "[[menu.options]]\nid = \"milk\"\nname = \"More\"\nchoices = [{ id = \"soy\", name = \"Soy\" }]\n",
            "event.toml:15: The option group \"milk\" is there twice");
        row("more to choose than there is", "name = \"Milk\"", "name = \"Milk\"\nmax = 21",
            "event.toml:13: \"max\" must be a whole number from 1 to 20.");
        row("an item twice", "", "[[menu]]\nid = \"latte\"\nname = \"Other\"\n",
            "event.toml:15: The menu item \"latte\" is there twice.");
    }
    void everyMistakeIsToldWithItsLine()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, replacement);
        QFETCH(QByteArray, problem);
        const auto event = readEventFile(fileWith(line.toStdString(), replacement.toStdString()), "event.toml");
        QCOMPARE(test::outcome(event), std::string("invalid-configuration"));
        QVERIFY2(event.error().detail.find(problem.toStdString()) != std::string::npos, event.error().detail.c_str());
        QVERIFY2(event.error().detail.starts_with("event.toml:"), event.error().detail.c_str());
    }

    void theFileThatTheMistakesStartFromIsGood()
    {
        const auto event = readEventFile(fileWith("", ""), "event.toml");
        QVERIFY2(event, event ? "" : event.error().detail.c_str());
    }

    void anEventWithoutAMenuIsRefused()
    {
        const auto event = readEventFile("id = \"ABC\"\nname = \"Bar\"\n", "event.toml");
        QCOMPARE(test::outcome(event), std::string("invalid-configuration"));
        QVERIFY(event.error().detail.find("[[menu]]") != std::string::npos);
    }

    void anEmptyFileIsRefused()
    {
        QCOMPARE(test::outcome(readEventFile("", "event.toml")), std::string("invalid-configuration"));
    }
};

QTEST_GUILESS_MAIN(EventFileTest)
#include "tst_eventfile.moc"
