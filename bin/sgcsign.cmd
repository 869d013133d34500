@echo off
rem SPDX-License-Identifier: Apache-2.0
call "%~dp0java-home.cmd" || exit /b 1
"%SGCSIGN_JAVA%" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED %SGCSIGN_JAVA_OPTS% -cp "%~dp0..\cli\target\lib\*;%~dp0..\cli\target\*" io.sgcsign.cli.Main %*
exit /b %ERRORLEVEL%
