// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/event.h"
#include "domain/menu.h"
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using domain::checkOptions;
using Options = std::vector<std::string>;

class MenuTest : public QObject {
    Q_OBJECT

private:
    const domain::Event m_event = test::smallEvent();

    const domain::MenuItem &item(std::string_view id) { return *m_event.menu.find(id); }

    std::string pointerOf(std::string_view id, const Options &options)
    {
        const auto checked = checkOptions(item(id), options);
        return checked ? "accepted" : checked.error().pointer;
    }

private Q_SLOTS:
    void itemsAreFoundByTheirWholeId()
    {
        QVERIFY(m_event.menu.find("latte"));
        QVERIFY(!m_event.menu.find("latt"));
        QVERIFY(!m_event.menu.find("Latte"));
        QVERIFY(!m_event.menu.find(""));
    }

    void goodChoicesAreAccepted()
    {
        QCOMPARE(pointerOf("espresso", {}), std::string("accepted"));
        QCOMPARE(pointerOf("latte", {"oat"}), std::string("accepted"));
        QCOMPARE(pointerOf("latte", {"vanilla", "oat", "caramel"}), std::string("accepted"));
        QCOMPARE(pointerOf("tea", {"mint"}), std::string("accepted"));
    }

    void severalOptionsOfOneGroupAreRefused()
    {
        const auto checked = checkOptions(item("latte"), {"oat", "skimmed"});
        QCOMPARE(test::outcome(checked), std::string("invalid-field"));
        QCOMPARE(checked.error().pointer, std::string("/options"));
        QVERIFY(checked.error().detail.find("Milk") != std::string::npos);
    }

    void aRequiredGroupMustBeChosenFrom() { QCOMPARE(pointerOf("tea", {}), std::string("/options")); }

    void unknownOptionsAreRefusedByTheirPlace()
    {
        QCOMPARE(pointerOf("latte", {"oat", "gold"}), std::string("/options/1"));
        QCOMPARE(pointerOf("latte", {""}), std::string("/options/0"));
    }

    void optionsOfAnotherItemAreUnknown() { QCOMPARE(pointerOf("espresso", {"oat"}), std::string("/options/0")); }

    void theSameOptionTwiceIsRefused()
    {
        QCOMPARE(pointerOf("latte", {"vanilla", "oat", "vanilla"}), std::string("/options/2"));
    }

    void anItemCanBeOrderedWhileItIsAvailableAndNotUsedUp()
    {
        using domain::ItemState;
        QVERIFY((ItemState{true, std::nullopt}.canBeOrdered()));
        QVERIFY((ItemState{true, 1}.canBeOrdered()));
        QVERIFY(!(ItemState{true, 0}.canBeOrdered()));
        QVERIFY(!(ItemState{false, 5}.canBeOrdered()));
        QVERIFY(!(ItemState{false, std::nullopt}.canBeOrdered()));
    }

    void eventIdsAreSafeInTopicsAndPaths()
    {
        for (const char *good : {"A", "ABC", "aws-summit_2026", "12345678901234567890123456789012"})
            QVERIFY2(domain::isEventId(good), good);
        for (const char *bad : {"", "*", "+", "#", "A/B", "A B", "A.B", "Ä", "..", "123456789012345678901234567890123"})
            QVERIFY2(!domain::isEventId(bad), bad);
    }

    void theBoardShowsNoMoreOfANameThanTheEventAllows()
    {
        domain::Event event;
        event.namesOnBoard = domain::NamesOnBoard::None;
        QCOMPARE(domain::nameOnBoard(event, "Ada"), std::string());
        event.namesOnBoard = domain::NamesOnBoard::Initial;
        QCOMPARE(domain::nameOnBoard(event, "Ada"), std::string("A."));
        QCOMPARE(domain::nameOnBoard(event, "Øjvind"), std::string("Ø."));
        QCOMPARE(domain::nameOnBoard(event, ""), std::string());
        event.namesOnBoard = domain::NamesOnBoard::Name;
        QCOMPARE(domain::nameOnBoard(event, "Ada"), std::string("Ada"));
        QCOMPARE(domain::nameOnBoard(event, "ØØØØØØØØØØØØØØØØØØØØØØØØØ"), std::string("ØØØØØØØØØØØØØØØØØØØØ"));
    }

    void aPausedShopAcceptsNothing()
    {
        domain::ShopState state;
        QVERIFY(!state.accepts());
        state.open = true;
        QVERIFY(state.accepts());
        state.paused = true;
        QVERIFY(!state.accepts());
    }
};

QTEST_GUILESS_MAIN(MenuTest)
#include "tst_menu.moc"
