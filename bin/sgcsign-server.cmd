@echo off
rem SPDX-License-Identifier: Apache-2.0
call "%~dp0java-home.cmd" || exit /b 1
"%SGCSIGN_JAVA%" -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED %SGCSIGN_JAVA_OPTS% -cp "%~dp0..\server\target\lib\*;%~dp0..\server\target\*" io.sgcsign.server.Main %*
exit /b %ERRORLEVEL%
