# SPDX-FileCopyrightText: Brewline contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# One place for what every target of Brewline has in common.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM)
    add_link_options(-fuse-ld=lld)
endif()

add_library(brewline_options INTERFACE)
target_compile_options(brewline_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
    # GCC 12 takes the inside of an empty std::optional for something that is read uninitialized.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<BOOL:${BREWLINE_DEVELOPER}>:-Werror>)
target_compile_definitions(brewline_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_URL_CAST_FROM_STRING
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
if(BREWLINE_SANITIZE)
    add_compile_options(-fsanitize=${BREWLINE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${BREWLINE_SANITIZE})
endif()

# brewline_library(<name> [MOC] SOURCES <file>... [PUBLIC <target>...] [PRIVATE <target>...])
# A static library `brewline_<name>`, alias `Brewline::<name>`, whose headers are included as "<name>/<file>.h".
# MOC runs Qt's meta-object compiler over it; libraries without QObjects build faster without.
function(brewline_library name)
    cmake_parse_arguments(ARG "MOC" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(brewline_${name} STATIC ${ARG_SOURCES})
    set_target_properties(brewline_${name} PROPERTIES AUTOMOC ${ARG_MOC})
    add_library(Brewline::${name} ALIAS brewline_${name})
    target_include_directories(brewline_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/..")
    target_link_libraries(brewline_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} brewline_options)
endfunction()

# All programs, without the tests.
add_custom_target(programs)

# brewline_program(<name> [MOC] SOURCES <file>... LIBRARIES <target>...): an executable in <build>/bin.
function(brewline_program name)
    cmake_parse_arguments(ARG "MOC" "" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ${ARG_MOC})
    target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} brewline_options)
    add_dependencies(programs ${name})
endfunction()

# brewline_test(<name> LIBRARIES <target>... [LABELS ...] [TIMEOUT s]): a Qt Test of tst_<name>.cpp, known to CTest as <name>.
function(brewline_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(tst_${name} tst_${name}.cpp ${ARG_SOURCES})
    target_link_libraries(tst_${name} PRIVATE ${ARG_LIBRARIES} Qt6::Test brewline_options)
    target_include_directories(tst_${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests")
    set_target_properties(tst_${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${name} COMMAND tst_${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "BREWLINE_BIN=${CMAKE_BINARY_DIR}/bin;QT_QPA_PLATFORM=offscreen")
endfunction()
